import { renameSync, rmSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { QmpClient } from '../../../src/qmp.js';
import { until } from '../../support/cli.js';
import { clientOf, failureOf, monitorThat, nothing } from '../support/monitors.js';

test.each([
  ['no JSON', 'QEMU 7.2.22 monitor \u001b[K\r\n', 'QEMU 7.2.22 monitor \\u001b[K'],
  ['no object', '[1, 2]\n', '[1, 2]'],
  ['nested without end', `${'['.repeat(50_000)}\n`, '[['],
  ['no message of QMP', '{"execute": "quit"}\n', 'execute'],
  ['a line that is too long', `{"return": "${'x'.repeat(200_000)}"}\n`, 'a line of 200014 bytes'],
  [
    'an error about what it could not parse',
    '{"error": {"class": "GenericError", "desc": "JSON parse error"}}\n',
    'parse',
  ],
  ['an error of odd words', '{"error": {"class": {"toString": 1}, "desc": {"toString": 2}}}\n', 'toString'],
])('%s fails what waits for an answer, and the connection stands', async (_, garbage, shown) => {
  const monitor = await monitorThat(({ execute }) => (execute === 'slow' ? null : '{"return": "well"'));
  const client = await clientOf(monitor, { maxLineBytes: 100_000 });
  const waiting = failureOf(client.execute('slow'));
  await until(() => monitor.asked.length === 1);
  monitor.say(garbage);
  const error = await waiting;
  expect(error.code).toMatch(/QMP_(?:PROTOCOL|ERROR)/);
  expect(error.message).toContain(shown);
  expect(error.message.length).toBeLessThan(500);
  expect(await client.execute('fast')).toBe('well');
});

test.each([
  ['no greeting', '', 50, 'QMP_TIMEOUT', /no greeting within 50 ms: is another client connected/],
  ['the prompt of another monitor', 'QEMU 7.2.22 monitor\n', 10_000, 'QMP_PROTOCOL', /no QMP: "QEMU 7.2.22 monitor"/],
])('%s is told with a remedy', async (_, greeting, timeoutMs, code, message) => {
  const monitor = await monitorThat(nothing, greeting);
  const error = await failureOf(QmpClient.connect(monitor.path, { timeoutMs }));
  expect(error).toMatchObject({ code, message: expect.stringMatching(message), remedy: expect.stringMatching(/-qmp/) });
});

test('a socket that is not there is the error of the system', async () => {
  expect((await failureOf(QmpClient.connect('/no/such.sock'))).code).toBe('ENOENT');
});

test('a socket whose program is gone refuses', async () => {
  const monitor = await monitorThat(nothing);
  const stale = `${monitor.path}.stale`;
  renameSync(monitor.path, stale); // else closing would remove it
  onTestFinished(() => rmSync(stale));
  await monitor.close();
  expect((await failureOf(QmpClient.connect(stale))).code).toBe('ECONNREFUSED');
});
