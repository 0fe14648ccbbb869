import { expect, test } from 'vitest';
import { GuestFiles, systemCode } from '../../../src/core/guest/guest-files.js';
import { agentThat, codeOf, returned } from '../../support/fake-agent.js';
import { type GuestFile, GuestFileSystem } from '../../support/guest-files.js';

async function filesOf(contents: Record<string, GuestFile>) {
  const guest = new GuestFileSystem(contents);
  const { agent, client } = await agentThat(guest.answer);
  const executed = () => agent.asked.map(({ execute }) => execute.replace('guest-file-', ''));
  return { guest, agent, client, executed };
}

const texts = ({ contents }: Awaited<ReturnType<GuestFiles['read']>>) =>
  contents.map(({ bytes, error }) => (bytes === null ? error : Buffer.from(bytes).toString()));

test('files are opened once, and read by seeks and reads that are sent together', async () => {
  const { guest, client, executed } = await filesOf({ '/a': 'one', '/b': 'two' });
  const files = new GuestFiles(client, ['/a', '/b']);
  expect(await files.open()).toEqual([null, null]);
  expect(texts(await files.read())).toEqual(['one', 'two']);
  guest.files['/a'] = 'three';
  const second = await files.read();
  expect(texts(second)).toEqual(['three', 'two']);
  expect(second.time.epoch).toBe(0);
  expect(second.time.receivedNs).toBeGreaterThan(second.time.sentNs);
  const reading = ['seek', 'read', 'seek', 'read'];
  expect(executed()).toEqual(['open', 'open', ...reading, ...reading]);
  await files.close();
  expect(guest.open.size).toBe(0);
});

test('a file that is longer than what was asked for is read on to its end, and next time at once', async () => {
  const long = 'x'.repeat(100_000);
  const { client, executed, agent } = await filesOf({ '/long': long });
  const files = new GuestFiles(client, ['/long']);
  await files.open();
  expect(texts(await files.read())).toEqual([long]);
  const rounds = executed().length;
  expect(texts(await files.read())).toEqual([long]);
  expect(executed().slice(rounds)).toEqual(['seek', 'read']);
  expect(Number(agent.asked.at(-1)!.arguments.count)).toBeGreaterThan(100_000);
});

test.each([4095, 4096, 4097, 8192])('a file of %d bytes is whole', async (length) => {
  const { client } = await filesOf({ '/a': 'x'.repeat(length) });
  const files = new GuestFiles(client, ['/a']);
  await files.open();
  expect(texts(await files.read())[0]).toHaveLength(length);
});

test('of a file without end the reading has one', async () => {
  const { client } = await filesOf({ '/endless': 'x'.repeat(3 * 1024 * 1024), '/b': 'fine' });
  const files = new GuestFiles(client, ['/endless', '/b']);
  await files.open();
  expect(texts(await files.read())).toEqual(['EFBIG', 'fine']);
});

test('what can not be opened or read is told by its code, beside what can', async () => {
  const { guest, client } = await filesOf({ '/a': 'one', '/gone': 'yet' });
  const files = new GuestFiles(client, ['/none', '/a', '/gone']);
  expect(await files.open()).toEqual(['ENOENT', null, null]);
  delete guest.files['/gone'];
  expect(texts(await files.read())).toEqual(['ENOENT', 'one', 'ESRCH']);
});

test('where nothing can be opened there is nothing to be asked, and nothing hangs', async () => {
  const { agent, client } = await filesOf({});
  const files = new GuestFiles(client, ['/none']);
  await files.open();
  expect(texts(await files.read())).toEqual(['ENOENT']);
  expect(agent.syncs).toHaveLength(1);
});

test('files that are to be opened anew are, at each reading, and given back', async () => {
  const { guest, client, executed } = await filesOf({ '/kept': 'k', '/anew': 'a' });
  const files = new GuestFiles(client, ['/kept', { path: '/anew', reopen: true }]);
  await files.open();
  expect(texts(await files.read())).toEqual(['k', 'a']);
  expect(texts(await files.read())).toEqual(['k', 'a']);
  expect(guest.open.size).toBe(1);
  expect(executed().filter((what) => what === 'open')).toHaveLength(4);
});

test('a reading that failed leaves no handle behind for good', async () => {
  const { guest, agent, client } = await filesOf({ '/anew': 'a' });
  const files = new GuestFiles(client, [{ path: '/anew', reopen: true }]);
  await files.open();
  agent.answer = (asked) => (asked.execute === 'guest-file-read' ? 'nonsense\n' : guest.answer(asked));
  for (let i = 0; i < 3; i++) expect(await codeOf(files.read())).toBe('AGENT_PROTOCOL');
  agent.answer = guest.answer;
  expect(texts(await files.read())).toEqual(['a']);
  expect(guest.open.size).toBe(0);
});

test('handles of an agent that is gone are asked for again of the next, in a new epoch', async () => {
  const { guest, client } = await filesOf({ '/a': 'one', '/b': 'two' });
  const files = new GuestFiles(client, ['/a', '/b']);
  await files.open();
  client.setOpen(false);
  expect(await codeOf(files.read())).toBe('AGENT_CLOSED');
  guest.restart();
  client.setOpen(true);
  const reading = await files.read();
  expect(texts(reading)).toEqual(['one', 'two']);
  expect(reading.time.epoch).toBe(1);
  expect((await files.read()).time.epoch).toBe(1);
});

test('an agent that was started anew before anybody was told costs one reading, and begins another epoch', async () => {
  const { guest, client } = await filesOf({ '/a': 'one', '/b': 'two' });
  const sets = [new GuestFiles(client, ['/a']), new GuestFiles(client, ['/b'])];
  for (const files of sets) await files.open();
  guest.restart();
  expect(await codeOf(sets[0]!.read())).toBe('AGENT_CLOSED');
  for (const [i, text] of ['one', 'two'].entries()) {
    const reading = await sets[i]!.read();
    expect(texts(reading)).toEqual([text]);
    expect(reading.time.epoch).toBe(1);
  }
});

test('handles of an agent that is gone are never given back to another, whose they are not', async () => {
  const { guest, client } = await filesOf({ '/a': 'one' });
  const files = new GuestFiles(client, ['/a']);
  await files.open();
  client.setOpen(false);
  guest.restart();
  client.setOpen(true);
  const others = new GuestFiles(client, ['/a']);
  await others.open();
  await files.close();
  expect(texts(await others.read())).toEqual(['one']);
});

test.each([
  ['a file that holds more than was asked for', { count: 1, 'buf-b64': 'A'.repeat(20_000), eof: true }],
  ['a file that is no text', { count: 1, 'buf-b64': 7 }],
  ['nothing', null],
])('%s is no reading', async (_, value) => {
  const { guest, agent, client } = await filesOf({ '/a': 'one' });
  const files = new GuestFiles(client, ['/a']);
  await files.open();
  agent.answer = (asked) => (asked.execute === 'guest-file-read' ? returned(value) : guest.answer(asked));
  expect(await codeOf(files.read())).toBe('AGENT_PROTOCOL');
  agent.answer = guest.answer;
  expect(texts(await files.read())).toEqual(['one']);
  expect(agent.syncs).toHaveLength(2);
});

test('replies that are shifted by one are seen, and no file is taken for another', async () => {
  const { guest, agent, client } = await filesOf({ '/a': 'one', '/b': 'two' });
  const files = new GuestFiles(client, ['/a', '/b']);
  await files.open();
  let isShifted = true;
  agent.answer = (asked) => {
    if (isShifted) agent.say('{"return": {}}\n');
    isShifted = false;
    return guest.answer(asked);
  };
  expect(await codeOf(files.read())).toBe('AGENT_PROTOCOL');
  expect(texts(await files.read())).toEqual(['one', 'two']);
});

test.each([[{ handle: 'x' }], [{ toString: 1 }], [1.5], [1e300], [null]] as [unknown][])(
  '%j is no handle',
  async (value) => {
    const { client } = await agentThat(() => returned(value));
    expect(await codeOf(new GuestFiles(client, ['/a']).open())).toBe('AGENT_PROTOCOL');
  },
);

test('a reading has one deadline, in however many rounds it comes', async () => {
  const { agent, client } = await filesOf({ '/a': 'one' });
  const files = new GuestFiles(client, ['/a']);
  await files.open();
  agent.answer = () => null;
  expect(await codeOf(files.read())).toBe('AGENT_TIMEOUT');
});

test.each([
  ["failed to open file '/x' (mode: 'r'): Permission denied", 'EACCES'],
  ['failed to seek file: Operation not permitted', 'EPERM'],
  ['failed to read file: No such device', 'ENODEV'],
  ['failed to read file: Operation not supported', 'EOPNOTSUPP'],
  ["failed to open file '/': Is a directory", 'EISDIR'],
  ["failed to open file '/etc/passwd/x': Not a directory", 'ENOTDIR'],
  ["failed to open file '/x': Too many open files", 'EMFILE'],
  ['\u001b[31m whatever', 'EIO'],
])('the words %j mean %s', (words, code) => expect(systemCode(words)).toBe(code));
