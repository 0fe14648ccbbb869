import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  BIN,
  cli,
  onlyEpisode,
  plugin,
  readJson,
  readRows,
  startCli,
  temporaryFolder,
  until,
  watch,
} from '../support/cli.js';
import { TOLERANT_FLAGS } from '../support/tolerant.js';

const start = (output: string, ...more: string[]) =>
  startCli(['episode', 'start', '--target-pid', String(process.pid), '--duration', '60s', '--output', output, ...more]);

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('%s finishes the episode as interrupted', async (signal, exitCode) => {
  const output = temporaryFolder();
  const { child, outcome, saw } = start(output);
  await saw(/phase_started/);
  child.kill(signal);
  expect((await outcome).code).toBe(exitCode);
  const folder = onlyEpisode(output);
  expect(readJson(join(folder, 'done.marker'))).toMatchObject({ status: 'interrupted', end_reason: 'signal' });
  expect(readRows(join(folder, 'events.jsonl'))).toContainEqual(expect.objectContaining({ event: 'signal', signal }));
  expect((await cli('episode', 'validate', folder)).code).toBe(0);
});

test('a second signal ends at once, and no marker is left', async () => {
  const output = temporaryFolder();
  // a command that ignores SIGTERM keeps the first signal busy
  const { child, outcome, saw } = startCli([
    'episode',
    'start',
    '--duration',
    '60s',
    '--output',
    output,
    '--',
    'sh',
    '-c',
    'trap "" TERM; echo ready; while :; do sleep 1; done',
  ]);
  await saw(/phase_started/);
  await until(() => existsSync(join(onlyEpisode(output), 'artifacts/target-stdout.log')));
  child.kill('SIGINT');
  await saw(/signal recorder/);
  child.kill('SIGINT');
  expect((await outcome).code).toBe(130);
  expect(existsSync(join(onlyEpisode(output), 'done.marker'))).toBe(false);
});

test('a signal before the recording begins leaves nothing', async () => {
  const output = temporaryFolder();
  // its start never resolves, so the ready barrier is still waited for
  const config = join(output, 'c.json');
  writeFileSync(
    config,
    JSON.stringify({
      target: { type: 'pid', pid: process.pid },
      plugins: [plugin('never-ready.mjs')],
      collectors: { never_ready: {} },
    }),
  );
  const { child, outcome } = startCli(['episode', 'start', '--config', config, '--output', join(output, 'out')]);
  await until(
    () =>
      existsSync(join(output, 'out')) &&
      readdirSync(join(output, 'out')).some((id) => existsSync(join(output, 'out', id, 'telemetry/never_ready.jsonl'))),
  );
  child.kill('SIGTERM');
  expect((await outcome).code).toBe(143);
  expect(existsSync(join(output, 'out'))).toBe(false);
});

test('killed at any moment: no marker, a whole meta.json, and every row that was a second old', async () => {
  const output = temporaryFolder();
  const { child, outcome, saw } = start(output, '--interval', '5ms');
  await saw(/phase_started/);
  const folder = onlyEpisode(output);
  const file = join(folder, 'telemetry/host_proc.jsonl');
  await until(() => readRows(file).length > 300);
  child.kill('SIGKILL');
  await outcome;
  expect(existsSync(join(folder, 'done.marker'))).toBe(false);
  expect(readJson(join(folder, 'meta.json'))).toMatchObject({ status: 'running', grade: null });
  const rows = readRows(file);
  expect(rows.length).toBeGreaterThan(300);
  const listed = (await cli('episode', 'list', '--output', output)).stdout;
  expect(listed).toContain('recoverable');
  const { code, stdout } = await cli('episode', 'validate', folder);
  expect(code).toBe(3);
  expect(stdout).toContain('the episode is not finished');
});

test('rows reach the file within a second of their sampling', async () => {
  const output = temporaryFolder();
  const { child, outcome, saw } = start(output, '--interval', '50ms');
  await saw(/phase_started/);
  const file = join(onlyEpisode(output), 'telemetry/host_proc.jsonl');
  await until(() => readRows(file).length >= 2);
  const last = /"t_wall_ns":(\d+)\d{6},[^\n]*\n$/.exec(readFileSync(file, 'utf8'));
  expect(Date.now() - Number(last![1])).toBeLessThan(1000);
  child.kill('SIGTERM');
  await outcome;
});

test('a closed stdout and stderr never end a recording', async () => {
  const output = temporaryFolder();
  const args = [
    BIN,
    'episode',
    'start',
    ...TOLERANT_FLAGS,
    '--target-pid',
    String(process.pid),
    '--duration',
    '2s',
    '--output',
    output,
  ];
  const shell = `exec 3>&1; { ${[process.execPath, ...args].map((word) => `'${word}'`).join(' ')}; echo "code $?" >&3; } 2>&1 >/dev/null | true`;
  const { stdout } = await watch(spawn('sh', ['-c', shell])).outcome;
  expect(stdout).toContain('code 0');
  expect(readJson(join(onlyEpisode(output), 'done.marker')).grade).toBe('ok');
});

test('a signal while a plugin is still imported ends at once, and leaves nothing', async () => {
  const folder = temporaryFolder();
  const imported = join(folder, 'imported');
  const source = `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(imported)}, '');`;
  writeFileSync(join(folder, 'slow.mjs'), `${source} await new Promise((resolve) => setTimeout(resolve, 60_000));`);
  const config = join(folder, 'c.json');
  writeFileSync(config, JSON.stringify({ target: { type: 'pid', pid: process.pid }, plugins: ['./slow.mjs'] }));
  const { child, outcome } = startCli(['episode', 'start', '--config', config, '--output', join(folder, 'out')]);
  await until(() => existsSync(imported));
  child.kill('SIGINT');
  expect((await outcome).code).toBe(130);
  expect(existsSync(join(folder, 'out'))).toBe(false);
});

test('a collector that is blocked in its start: exit 4 and not a hang', async () => {
  const folder = temporaryFolder();
  execFileSync('mkfifo', [join(folder, 'fifo')]);
  const source = readFileSync(plugin('never-ready.mjs'), 'utf8');
  const blocked = source.replace(
    'start: () => new Promise(() => {})',
    `start: () => readFileSync(${JSON.stringify(join(folder, 'fifo'))})`,
  );
  writeFileSync(join(folder, 'blocked.mjs'), `import { readFileSync } from 'node:fs';\n${blocked}`);
  const config = join(folder, 'c.json');
  writeFileSync(
    config,
    JSON.stringify({
      target: { type: 'pid', pid: process.pid },
      plugins: ['./blocked.mjs'],
      collectors: { never_ready: {} },
    }),
  );
  const { code, stderr } = await startCli(['episode', 'start', '--config', config, '--output', join(folder, 'out')])
    .outcome;
  expect(code, stderr).toBe(4);
  expect(stderr).toContain('no answer within 10 s');
  expect(existsSync(join(folder, 'out'))).toBe(false);
});

test('a start that fails while another collector still writes into the folder leaves nothing', async () => {
  const folder = temporaryFolder();
  const config = join(folder, 'c.json');
  writeFileSync(
    config,
    JSON.stringify({
      target: { type: 'pid', pid: process.pid },
      plugins: [plugin('misbehaving.mjs')],
      collectors: { writes_in_start: {}, throws_late_in_start: {} },
    }),
  );
  const { code, stderr } = await startCli(['episode', 'start', '--config', config, '--output', join(folder, 'out')])
    .outcome;
  expect(code, stderr).toBe(4);
  expect(stderr).toContain('no start today');
  expect(existsSync(join(folder, 'out'))).toBe(false);
});

test.each([40, 44, 48, 52])('with %i descriptors: an episode, or a sentence and nothing left', async (limit) => {
  const folder = temporaryFolder();
  const words = [
    process.execPath,
    BIN,
    'episode',
    'start',
    ...TOLERANT_FLAGS,
    '--duration',
    '1s',
    '--output',
    join(folder, 'out'),
    '--',
    'sleep',
    '771',
  ];
  const { code, stderr } = await watch(spawn('sh', ['-c', `ulimit -n ${limit}; exec "$@"`, 'sh', ...words])).outcome;
  expect([0, 4], stderr).toContain(code);
  if (code === 0) return;
  expect(stderr).not.toContain('    at ');
  expect(existsSync(join(folder, 'out'))).toBe(false);
});

test('a signal that comes after the end has no say in how it ended', async () => {
  const output = temporaryFolder();
  // told to end, it says so, and goes on for the two seconds that it is given
  const stubborn = ['sh', '-c', 'trap "echo told" TERM; while :; do sleep 0.1; done'];
  const args = [...TOLERANT_FLAGS, '--duration', '1s', '--output', output, '--', ...stubborn];
  const { child, outcome, saw } = startCli(['episode', 'start', ...args]);
  await saw(/phase_started/);
  const said = join(onlyEpisode(output), 'artifacts/target-stdout.log');
  await until(() => existsSync(said) && readFileSync(said, 'utf8').includes('told'));
  child.kill('SIGINT');
  expect((await outcome).code).toBe(0);
  expect(readJson(join(onlyEpisode(output), 'done.marker')).status).toBe('complete');
});

test.each([1, 2, 3, 4, 5])('at a short interval no thread runs a tick past the end (%i)', async () => {
  const output = temporaryFolder();
  const { child, outcome, saw } = startCli([
    'episode',
    'start',
    '--target-pid',
    String(process.pid),
    '--interval',
    '1ms',
    '--output',
    output,
  ]);
  await saw(/phase_started/);
  await until(() => readRows(join(onlyEpisode(output), 'telemetry/host_proc.jsonl')).length > 50);
  child.kill('SIGINT');
  expect((await outcome).code).toBe(130);
  const validation = await cli('episode', 'validate', onlyEpisode(output));
  expect(validation.stdout).toMatch(/: valid/);
});

test('a collector that honours the end of the episode is not blamed for it', async () => {
  const [folder, output] = [temporaryFolder(), temporaryFolder()];
  const config = join(folder, 'c.json');
  const target = { type: 'pid', pid: process.pid };
  const collectors = { abortable_poll: { interval: '70ms' } };
  writeFileSync(config, JSON.stringify({ target, plugins: [plugin('kinds.mjs')], collectors }));
  const { child, outcome, saw } = startCli(['episode', 'start', '--config', config, '--output', output]);
  await saw(/phase_started/);
  await until(() => readRows(join(onlyEpisode(output), 'telemetry/abortable_poll.jsonl')).length > 5);
  child.kill('SIGINT');
  expect((await outcome).code).toBe(130);
  expect(readJson(join(onlyEpisode(output), 'done.marker')).reasons.join()).not.toContain('failed');
});
