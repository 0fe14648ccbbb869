import { MessageChannel } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { GuestFrameReader, GuestPort } from '../../../src/core/collection/guest-frame-reader.js';
import type { FileReply, FileRequest } from '../../../src/core/guest/file-protocol.js';
import { serveFiles } from '../../../src/core/guest/file-server.js';
import type { FileSpec } from '../../../src/index.js';
import { agentThat, codeOf } from '../../support/fake-agent.js';
import { type GuestFile, GuestFileSystem } from '../../support/guest-files.js';

/** Both ends over a real channel, as if in two threads. */
async function servedFrom(contents: Record<string, GuestFile>) {
  const guest = new GuestFileSystem(contents);
  const { agent, client } = await agentThat(guest.answer);
  const served = serveFiles(client);
  const port = new GuestPort(served.port);
  onTestFinished(() => {
    port.close();
    served.close();
  });
  const told: string[] = [];
  const reader = (specs: Record<string, FileSpec>) =>
    new GuestFrameReader({ specs, port, onUnreadable: (path, code) => told.push(`${path} ${code}`) });
  return { guest, agent, client, served, port, told, reader };
}

const textOf = ({ bytes, length }: { bytes: Buffer; length: number }) => bytes.toString('latin1', 0, length);

test('a collector’s thread reads files of the guest; the row’s time is the middle of request and reply', async () => {
  const { guest, served, reader } = await servedFrom({ '/proc/stat': 'cpu 1\n', '/proc/loadavg': '0.1\n' });
  const frames = reader({ stat: '/proc/stat', load: '/proc/loadavg' });
  await frames.open();
  const before = process.hrtime.bigint();
  const stamp = (await frames.read())!;
  const after = process.hrtime.bigint();
  expect(textOf(frames.files.stat!)).toBe('cpu 1\n');
  expect(textOf(frames.files.load!)).toBe('0.1\n');
  expect(stamp.atNs > before && stamp.atNs < after).toBe(true);
  expect(stamp.epoch).toBe(0);
  expect(served.uncertainty.count).toBe(1);
  expect(served.uncertainty.max).toBeLessThan(Number(after - before));
  const same = frames.files.stat;
  guest.files['/proc/stat'] = 'cpu 22\n';
  await frames.read();
  expect(frames.files.stat).toBe(same);
  expect(textOf(same!)).toBe('cpu 22\n');
});

test('two readers of one thread do not get each other’s files', async () => {
  const { reader } = await servedFrom({ '/a': 'one', '/b': 'two' });
  const [first, second] = [reader({ a: '/a' }), reader({ b: '/b' })];
  await Promise.all([first.open(), second.open()]);
  await Promise.all([second.read(), first.read()]);
  expect([textOf(first.files.a!), textOf(second.files.b!)]).toEqual(['one', 'two']);
});

test('an optional file that can not be read is empty, with its code, and told once', async () => {
  const { told, reader } = await servedFrom({ '/a': 'one' });
  const frames = reader({ a: '/a', psi: { path: '/proc/pressure/cpu', optional: true } });
  await frames.open();
  await frames.read();
  await frames.read();
  expect(frames.files.psi).toMatchObject({ error: 'ENOENT', length: 0 });
  expect(told).toEqual(['/proc/pressure/cpu ENOENT']);
});

test('a mandatory file that can not be opened keeps the collector from starting', async () => {
  const { reader } = await servedFrom({ '/secret': { refusal: 'Permission denied' } });
  await expect(reader({ secret: '/secret' }).open()).rejects.toMatchObject({
    code: 'EACCES',
    message: '/secret: EACCES, in the guest',
  });
});

test('a process of the guest that is gone is told as such, also where its file is optional', async () => {
  const { guest, reader } = await servedFrom({ '/proc/7/stat': 'stat' });
  const frames = reader({ stat: { path: '/proc/7/stat', optional: true } });
  await frames.open();
  delete guest.files['/proc/7/stat'];
  expect(await codeOf(Promise.resolve(frames.read()))).toBe('ESRCH');
});

test('what goes wrong with the agent comes out at the other end with its code', async () => {
  const { client, reader } = await servedFrom({ '/a': 'one' });
  const frames = reader({ a: '/a' });
  await frames.open();
  client.setOpen(false);
  expect(await codeOf(Promise.resolve(frames.read()))).toBe('AGENT_CLOSED');
  client.setOpen(true);
  expect(((await frames.read()) as { epoch: number }).epoch).toBe(1);
});

test('files are given back at the close, and asking for them then is an error and no crash', async () => {
  const { guest, agent, port, reader } = await servedFrom({ '/a': 'one' });
  const frames = reader({ a: '/a' });
  await frames.open();
  frames.close();
  frames.close();
  await agent.sawAsked(2);
  expect(agent.asked.map(({ execute }) => execute)).toEqual(['guest-file-open', 'guest-file-close']);
  expect(guest.open.size).toBe(0);
  await expect(port.ask({ op: 'read', set: 1 })).rejects.toThrow('there is no set 1 of files');
});

test('a reader without files asks for nothing', async () => {
  const { agent, reader } = await servedFrom({});
  const frames = reader({});
  await frames.open();
  expect(await frames.read()).toBe(undefined);
  frames.close();
  expect(agent.asked).toEqual([]);
});

test('answers come to who asked, in whatever order', async () => {
  const { port1, port2 } = new MessageChannel();
  const port = new GuestPort(port2);
  onTestFinished(() => port1.close());
  const requests: FileRequest[] = [];
  port1.on('message', (request: FileRequest) => {
    requests.push(request);
    if (requests.length < 2) return;
    for (const { id, set } of requests.toReversed())
      port1.postMessage({ id, contents: [{ bytes: null, error: `E${set}` }], time: null } satisfies FileReply);
  });
  const answers = await Promise.all([port.ask({ op: 'read', set: 1 }), port.ask({ op: 'read', set: 2 })]);
  expect(answers.map(({ contents }) => contents[0]!.error)).toEqual(['E1', 'E2']);
});

test.each([
  ['by a guest that powers off is the end of its machine, and no failure', 'ESRCH'],
  ['by an agent that starts anew costs the sample', 'AGENT_CLOSED'],
])('a port that is closed %s', async (_, code) => {
  const { agent, client, reader } = await servedFrom({ '/proc/stat': 'cpu 1\n' });
  const frames = reader({ stat: '/proc/stat' });
  await frames.open();
  const close = () => {
    client.setOpen(false);
    if (code === 'ESRCH') agent.hangUp();
    else client.setOpen(true);
  };
  agent.answer = ({ execute }) => {
    if (execute === 'guest-file-read') setImmediate(close);
    return null;
  };
  expect(await codeOf(frames.read() as Promise<unknown>)).toBe(code);
});
