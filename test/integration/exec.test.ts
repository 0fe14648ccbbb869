import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  cli,
  isAlive,
  onlyEpisode,
  plugin,
  readJson,
  readRows,
  startCli,
  temporaryFolder,
  until,
} from '../support/cli.js';
import { TOLERANT } from '../support/tolerant.js';

const SCHEMA = { type: 'object', properties: { value: { type: 'integer' } }, required: ['value'] };

/** Records a second beside a program that is given as the lines of a Python script. */
function configOf(script: string, options: object = {}, duration = '1s') {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'program.py'), `import json, os, signal, sys, time\n${script}`);
  const config = join(folder, 'c.json');
  const own = { argv: ['python3', '-u', 'program.py'], schema: SCHEMA, available_in_deployment: false, ...options };
  const collectors = { sensor: { use: 'exec', options: own }, host_proc: {} };
  writeFileSync(
    config,
    JSON.stringify({ target: { type: 'pid', pid: process.pid }, duration, grade: TOLERANT, collectors }),
  );
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

/** Python may take a second to start on a busy machine. */
const LONG = '4s';

/** Ends by itself, in the midst of the recording however slow the machine starts. */
const FOR_A_WHILE =
  'i, end = 0, time.monotonic() + 3\nwhile time.monotonic() < end:\n  print(json.dumps({"value": i}))\n  i += 1\n  time.sleep(0.02)\n';

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
    LONG,
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
    {},
    LONG,
  );
  expect(code).toBe(3);
  const told = events.filter(({ event }) => event === 'rows_invalid');
  expect([...new Set(told.map((event) => event.code))].sort()).toEqual(['bad_json', 'line_too_long', 'more', 'value']);
  expect(told.reduce((sum, { count }) => sum + count, 0)).toBe(figures.rows_invalid);
  expect(rows.length).toBeGreaterThan(0);
});

test('a row out of order is an event', async () => {
  const row = (time: string) => `print(json.dumps({"value": 1, "clock_monotonic_ns": ${time}}))`;
  const { code, events } = await record(forEver(`t = time.monotonic_ns(); ${row('t')}; ${row('t - 10**6')}`), {}, LONG);
  expect(code).toBe(3);
  expect(events.find(({ event }) => event === 'rows_invalid')).toMatchObject({ code: 't_mono_ns' });
});

test.each([
  ['the wall clock', 'time.time_ns()'],
  ['seconds', 'time.monotonic_ns() // 10**9'],
  ['a time of 24 digits', '10**23'],
])('%s for a monotonic time is an event, and no row', async (_what, time) => {
  const row = `print(json.dumps({"value": 1, "clock_monotonic_ns": ${time}}))`;
  const { code, events, rows, path } = await record(forEver(row), {}, '2500ms');
  expect(code).toBe(3);
  expect(events.find(({ event }) => event === 'rows_invalid')).toMatchObject({ code: 't_mono_ns' });
  expect(rows).toEqual([]);
  expect((await cli('episode', 'validate', path)).stdout).toMatch(/: valid/);
});

test('what leaves its group ends with the episode too', async () => {
  const { code, stderr, folder } = await record(
    `if os.fork() == 0:\n  os.setsid()\n  open(f"{os.getpid()}.pid", "w")\n  os.closerange(0, 3)\n  time.sleep(60)\n${forEver('print(json.dumps({"value": 1}))')}`,
    {},
    LONG,
  );
  expect(code, stderr).toBe(0);
  const pids = readdirSync(folder).filter((name) => name.endsWith('.pid'));
  expect(pids).toHaveLength(1);
  expect(isAlive(Number.parseInt(pids[0]!, 10))).toBe(false);
});

test('a start that fails leaves no program of another collector running', async () => {
  const { config, folder } = configOf(
    `if os.fork() == 0:\n  open(f"{os.getpid()}.pid", "w")\n  time.sleep(60)\n${forEver('pass')}`,
  );
  const document = readJson(config);
  document.plugins = [plugin('misbehaving.mjs')];
  document.collectors.throws_late_in_start = {};
  writeFileSync(config, JSON.stringify(document));
  expect((await cli('episode', 'start', '--config', config, '--output', join(folder, 'out'))).code).toBe(4);
  for (const name of readdirSync(folder).filter((entry) => entry.endsWith('.pid')))
    expect(isAlive(Number.parseInt(name, 10))).toBe(false);
});

test('one that ends before the recording begins keeps it from beginning, or is absent if it is optional', async () => {
  const { config, folder, output } = configOf('sys.exit(3)\n');
  const document = readJson(config);
  document.plugins = [plugin('misbehaving.mjs')];
  document.collectors.starts_slowly = {};
  writeFileSync(config, JSON.stringify(document));
  const { code, stderr } = await cli('episode', 'start', '--config', config, '--output', output);
  expect(code, stderr).toBe(4);
  expect(stderr).toMatch(/"sensor" was not ready: it ended before the recording began.*exit code 3/);
  document.collectors.sensor.optional = true;
  writeFileSync(config, JSON.stringify(document));
  expect((await cli('episode', 'start', '--config', config, '--output', output)).code).toBe(3);
  const events = readRows(join(onlyEpisode(output), 'events.jsonl'));
  expect(events.find(({ event }) => event === 'collector_absent')).toMatchObject({ source: 'sensor' });
  expect(readdirSync(folder)).toContain('out');
});

test('what it says on stderr is kept; its end by a failure is told, and the collector has failed', async () => {
  const { code, events, path, figures } = await record(
    `print("about to fail", file=sys.stderr)\n${FOR_A_WHILE}sys.exit(7)\n`,
    {},
    '8s',
  );
  expect(code).toBe(3);
  expect(readFileSync(join(path, 'artifacts/sensor.stderr.log'), 'utf8')).toBe('about to fail\n');
  expect(events.find((event) => event.code === 'program_exited')).toMatchObject({ exit_code: 7, was_stopped: false });
  expect(events.find(({ event }) => event === 'collector_failed')).toMatchObject({
    version: '1.0.0',
    fatal: true,
    reason: 'the program ended with exit code 7: about to fail',
  });
  expect(figures.state).toBe('failed');
});

test('an end by itself without failure is told, and costs no grade', async () => {
  const { code, stderr, events } = await record(FOR_A_WHILE, {}, '8s');
  expect(code, stderr).toBe(0);
  expect(events.find((event) => event.code === 'program_exited')).toMatchObject({ exit_code: 0, is_restarted: false });
});

test('it is started again as the restart policy says', async () => {
  const script = 'print(json.dumps({"value": os.getpid()}))\ntime.sleep(0.05)\nsys.exit(1)\n';
  const { rows, events } = await record(script, { restart: 'on_failure', restart_delay_ms: 10 }, '4s');
  expect(new Set(rows.map(({ value }) => value)).size).toBeGreaterThan(1);
  expect(events.find((event) => event.code === 'program_exited')).toMatchObject({ is_restarted: true });
});

test('one that ignores SIGTERM is killed, its child too, and the episode is whole', async () => {
  const { code, stderr, rows, folder, figures } = await record(
    `signal.signal(signal.SIGTERM, signal.SIG_IGN)\nchild = os.fork()\nopen(f"{os.getpid()}.pid", "w")\n${forEver('print(json.dumps({"value": os.getpid()})) if child else None')}`,
    {},
    '4s', // a slow machine takes a second to start Python
  );
  // it takes a second of the two that a collector has to stop; a slow machine needs the other, and gives it up
  if (code !== 0) expect([code, figures.state_reason], stderr).toEqual([3, 'it did not stop']);
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
  ['no such folder', { cwd: 'none' }, 4, /there is no folder .*none/],
  [
    'a column that the host adds',
    { schema: { type: 'object', properties: { seq: { type: 'integer' } } } },
    2,
    /seq: the host adds/,
  ],
])('%s is a sentence, and nothing is written', async (_what, options, exit, words) => {
  const { config, output, folder } = configOf('', options);
  const { code, stderr } = await cli('episode', 'start', '--config', config, '--output', output);
  expect(code, stderr).toBe(exit);
  expect(stderr).toMatch(words);
  expect(readdirSync(folder)).not.toContain('out');
});
