import { expect, test } from 'vitest';
import type { QmpEvent } from '../../../src/qmp.js';
import { until } from '../../support/cli.js';
import { clientOf, failureOf, monitorThat, nothing } from '../support/monitors.js';

const EVENT =
  '{"timestamp": {"seconds": 1795484594, "microseconds": 387001}, "event": "BLOCK_IO_ERROR", "data": {"device": "d0", "nospace": true}}\r\n';

test('a command is answered, and the version told', async () => {
  const client = await clientOf(await monitorThat(() => '{"return": {"status": "running"}'));
  expect(client.version).toBe('7.2.22');
  expect(await client.execute('query-status')).toEqual({ status: 'running' });
});

test('arguments go out as they are, to the last digit', async () => {
  const monitor = await monitorThat(() => '{"return": {}');
  const client = await clientOf(monitor);
  await client.execute('balloon', { value: 2n ** 64n - 1n, word: 'ä\u001b[0m\n' });
  expect(monitor.asked[0]).toMatchObject({ execute: 'balloon', arguments: { word: 'ä\u001b[0m\n' } });
  expect(monitor.asked[0]!.arguments.value).toBe(2n ** 64n - 1n);
});

test('commands sent one behind the other get their own answers, whatever their order', async () => {
  const monitor = await monitorThat(nothing);
  const client = await clientOf(monitor);
  const answers = Promise.all(['a', 'b', 'c'].map((command) => client.execute(command)));
  await until(() => monitor.asked.length === 3);
  for (const { id, execute } of [...monitor.asked].reverse())
    monitor.say(`{"return": "${execute}", "id": "${id}"}\r\n`);
  expect(await answers).toEqual(['a', 'b', 'c']);
});

test('an answer may come byte by byte, with events in between', async () => {
  const monitor = await monitorThat(nothing);
  const events: QmpEvent[] = [];
  const client = await clientOf(monitor, { onEvent: (event) => events.push(event) });
  const answer = client.execute('query-name');
  await until(() => monitor.asked.length === 1);
  for (const byte of `${EVENT}{"return": {"name": "lab"}, "id": "${monitor.asked[0]!.id}"}\r\n${EVENT}`)
    monitor.say(byte);
  expect(await answer).toEqual({ name: 'lab' });
  await until(() => events.length === 2);
  const data = { device: 'd0', nospace: true };
  expect(events[0]).toEqual({ name: 'BLOCK_IO_ERROR', data, realtimeNs: 1795484594387001000n });
});

test('an integer that a double would round is a bigint', async () => {
  const client = await clientOf(await monitorThat(() => '{"return": [18446744073709551615, 9007199254740993, 42]'));
  expect(await client.execute('query-blockstats')).toEqual([18446744073709551615n, 9007199254740993n, 42]);
});

test('what the monitor refuses is told with its class, without its terminal escapes', async () => {
  const client = await clientOf(
    await monitorThat(() => '{"error": {"class": "CommandNotFound", "desc": "no command \\u001b[31mnope"}'),
  );
  const error = await failureOf(client.execute('nope'));
  expect(error).toMatchObject({ code: 'QMP_ERROR', errorClass: 'CommandNotFound' });
  expect(error.message).toBe('nope: no command \\u001b[31mnope (CommandNotFound)');
});

test('an answer after its timeout is dropped, and the next command gets its own', async () => {
  const monitor = await monitorThat(({ execute }) => (execute === 'slow' ? null : '{"return": "fast"'));
  const client = await clientOf(monitor);
  const error = await failureOf(client.execute('slow', {}, { timeoutMs: 10 }));
  expect(error).toMatchObject({ code: 'QMP_TIMEOUT', message: 'slow was not answered within 10 ms' });
  await until(() => monitor.asked.length === 1);
  monitor.say(`{"return": "slow", "id": "${monitor.asked[0]!.id}"}\r\n`);
  expect(await client.execute('fast')).toBe('fast');
});

test('a monitor that answers nothing is not sent more and more, and is asked again when it answers', async () => {
  const monitor = await monitorThat(nothing);
  const client = await clientOf(monitor);
  const commands = Array.from({ length: 64 }, () => failureOf(client.execute('query-status', {}, { timeoutMs: 1 })));
  for (const error of await Promise.all(commands)) expect(error.code).toBe('QMP_TIMEOUT');
  expect(await failureOf(client.execute('cont'))).toMatchObject({
    code: 'QMP_TIMEOUT',
    message: 'cont was not sent: 64 commands before it have no answer yet',
  });
  await until(() => monitor.asked.length === 64);
  for (const { id } of [...monitor.asked]) monitor.say(`{"return": {}, "id": "${id}"}\r\n`);
  await until(() => {
    client.execute('cont', {}, { timeoutMs: 100 }).catch(() => {});
    return monitor.asked.some(({ execute }) => execute === 'cont');
  });
});

test('answers to nobody are dropped', async () => {
  const monitor = await monitorThat(() => '{"return": "mine"');
  const client = await clientOf(monitor);
  monitor.say('{"return": "another client\'s", "id": 7}\r\n{"return": "nobody\'s"}\r\n{"error": {}, "id": "x"}\r\n');
  expect(await client.execute('query-name')).toBe('mine');
});

test('an end within an answer rejects what waits, and what is asked later', async () => {
  const monitor = await monitorThat(nothing);
  const client = await clientOf(monitor);
  const waiting = failureOf(client.execute('query-blockstats'));
  await until(() => monitor.asked.length === 1);
  monitor.say('{"return": [{"device": "d0"');
  monitor.hangUp();
  expect((await waiting).code).toBe('QMP_CLOSED');
  await client.closed;
  expect((await failureOf(client.execute('query-status'))).code).toBe('QMP_CLOSED');
});

test('close rejects what waits, twice is as good as once, and leaves nothing open', async () => {
  const monitor = await monitorThat(nothing);
  const client = await clientOf(monitor);
  const waiting = failureOf(client.execute('query-status'));
  client.close();
  client.close();
  await client.closed;
  expect((await waiting).code).toBe('QMP_CLOSED');
});
