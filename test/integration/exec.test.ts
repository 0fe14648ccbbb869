import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli, isAlive, onlyEpisode, readJson, readRows, startCli, temporaryFolder, until } from '../support/cli.js';

const SCHEMA = { type: 'object', properties: { value: { type: 'integer' } }, required: ['value'] };

/** Records a second beside a program that is given as the lines of a Python script. */
function configOf(script: string, options: object = {}, duration = '1s') {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'program.py'), `import json, os, signal, sys, time\n${script}`);
  const config = join(folder, 'c.json');
  const own = { argv: ['python3', '-u', 'program.py'], schema: SCHEMA, available_in_deployment: false, ...options };
  const collectors = { sensor: { use: 'exec', options: own }, host_proc: {} };
  writeFileSync(config, JSON.stringify({ target: { type: 'pid', pid: process.pid }, duration, collectors }));
  return { folder, config, output: join(folder, 'out') };
}

async function record(script: string, options: object = {}, duration?: string) {
  const { config, output, folder } = configOf(script, options, duration);
  const { code, stderr } = await cli('episode', 'start', '--config', config, '--output', output);
  const path = onlyEpisode(output);
  const events = readRows(join(path, 'events.jsonl')).filter(({ source }) => source === 'sensor');
  const figures = readJson(join(path, 'meta.json')).collectors.find(
    ({ source }: { source: string }) => source === 'sensor',
  );
  const rows = readRows(join(path, 'telemetry/sensor.jsonl'));
  expect((await cli('episode', 'validate', path)).code).toBeLessThanOrEqual(3);
  return { code, stderr, path, events, figures, rows, folder };
}

/** Ends by itself, in the midst of the recording however slow the machine starts. */
const FOR_A_WHILE = 'for i in range(120):\n  print(json.dumps({"value": i}))\n  time.sleep(0.02)\n';

/** Prints `line` until it is stopped. */
const forEver = (line: string) => `while True:\n  ${line}\n  time.sleep(0.02)\n`;

test('the example in Python gives rows with times of its own, which the published schema holds', async () => {
  const output = temporaryFolder();
  const { code, stderr } = await cli(
    'episode',
    'start',
    '--config',
    'examples/exec/sockets.yaml',
    '--duration',
    '1s',
    '--output',
    output,
  );
  expect(code, stderr).toBe(0);
  const episode = onlyEpisode(output);
  expect(readRows(join(episode, 'telemetry/tcp_sockets.jsonl'))[0]).toMatchObject({
    source: 'tcp_sockets',
    available_in_deployment: true,
    seq: 0,
    listen: expect.any(Number),
  });
  const [figures] = readJson(join(episode, 'meta.json')).collectors;
  expect(figures.row_schema.$id).toBe('urn:cis490:source:tcp_sockets:1');
  expect((await cli('episode', 'validate', episode)).code).toBe(0);
});

test('bad JSON, a wrong row and a line over 1 MiB are events, each with its reason, and cost no other row', async () => {
  const { code, events, figures, rows } = await record(
    [
      'while True:',
      '  print("garbage")',
      `  print('{"value": "high"}')`,
      `  print('{"value": 1, "more": 2}')`,
      '  print("x" * 1100000)',
      '  print(json.dumps({"value": 18446744073709551615}))',
      '  time.sleep(0.1)\n',
    ].join('\n'),
  );
  expect(code).toBe(3);
  const told = events.filter(({ event }) => event === 'rows_invalid');
  expect([...new Set(told.map((event) => event.code))].sort()).toEqual(['bad_json', 'line_too_long', 'more', 'value']);
  expect(told.reduce((sum, { count }) => sum + count, 0)).toBe(figures.rows_invalid);
  expect(rows.length).toBeGreaterThan(0);
});

test('a row out of order is an event', async () => {
  const row = (time: string) => `print(json.dumps({"value": 1, "clock_monotonic_ns": ${time}}))`;
  const { code, events } = await record(forEver(`t = time.monotonic_ns(); ${row('t')}; ${row('t - 10**6')}`));
  expect(code).toBe(3);
  expect(events.find(({ event }) => event === 'rows_invalid')).toMatchObject({ code: 't_mono_ns' });
});

test('what it says on stderr is kept; its end by a failure is told, and the collector has failed', async () => {
  const { code, events, path, figures } = await record(
    `print("about to fail", file=sys.stderr)\n${FOR_A_WHILE}sys.exit(7)\n`,
    {},
    '5s',
  );
  expect(code).toBe(3);
  expect(readFileSync(join(path, 'artifacts/sensor.stderr.log'), 'utf8')).toBe('about to fail\n');
  expect(events.find((event) => event.code === 'program_exited')).toMatchObject({ exit_code: 7, was_stopped: false });
  expect(events.find(({ event }) => event === 'collector_failed')).toMatchObject({ version: '1.0.0', fatal: true });
  expect(figures.state).toBe('failed');
});

test('an end by itself without failure is told, and costs no grade', async () => {
  const { code, stderr, events } = await record(FOR_A_WHILE, {}, '5s');
  expect(code, stderr).toBe(0);
  expect(events.find((event) => event.code === 'program_exited')).toMatchObject({ exit_code: 0, is_restarted: false });
});

test('it is started again as the restart policy says', async () => {
  const { rows, events } = await record('print(json.dumps({"value": os.getpid()}))\ntime.sleep(0.05)\nsys.exit(1)\n', {
    restart: 'on_failure',
    restart_delay_ms: 10,
  });
  expect(new Set(rows.map(({ value }) => value)).size).toBeGreaterThan(1);
  expect(events.find((event) => event.code === 'program_exited')).toMatchObject({ is_restarted: true });
});

test('one that ignores SIGTERM is killed, its child too, and the episode is whole', async () => {
  const { code, stderr, rows, folder } = await record(
    `signal.signal(signal.SIGTERM, signal.SIG_IGN)\nchild = os.fork()\nopen(f"{os.getpid()}.pid", "w")\n${forEver('print(json.dumps({"value": os.getpid()})) if child else None')}`,
  );
  expect(code, stderr).toBe(0);
  const pids = readdirSync(folder)
    .filter((name) => name.endsWith('.pid'))
    .map((name) => Number.parseInt(name, 10));
  expect(pids).toHaveLength(2);
  expect(pids).toContain(rows[0].value);
  for (const pid of pids) expect(isAlive(pid)).toBe(false);
});

test('a recorder that is killed leaves no program running', async () => {
  const { folder, config, output } = configOf(`open(f"{os.getpid()}.pid", "w")\n${forEver('pass')}`, {}, '60s');
  const { child, saw, outcome } = startCli(['episode', 'start', '--config', config, '--output', output]);
  await saw(/phase_started/);
  const pid = () => Number.parseInt(readdirSync(folder).find((name) => name.endsWith('.pid')) ?? '0', 10);
  await until(() => isAlive(pid()));
  child.kill('SIGKILL');
  await outcome;
  await until(() => !isAlive(pid()));
});

test.each<[string, object, number, RegExp]>([
  ['no availability', { available_in_deployment: undefined }, 2, /available_in_deployment/],
  ['a schema file that is not there', { schema: 'none.json' }, 2, /none.json can not be read/],
  [
    'a schema that no table can hold',
    { schema: { type: 'object', properties: { a: { type: 'null' } } } },
    2,
    /properties.a.type/,
  ],
  [
    'a name that is no column',
    { schema: { type: 'object', properties: { 'A b': { type: 'string' } } } },
    2,
    /snake_case/,
  ],
  ['no such program', { argv: ['no-such-program'] }, 4, /no program "no-such-program".*in PATH/],
  ['no arguments at all', { argv: [] }, 2, /argv/],
])('%s is a sentence, and nothing is written', async (_what, options, exit, words) => {
  const { config, output, folder } = configOf('', options);
  const { code, stderr } = await cli('episode', 'start', '--config', config, '--output', output);
  expect(code, stderr).toBe(exit);
  expect(stderr).toMatch(words);
  expect(readdirSync(folder)).not.toContain('out');
});
