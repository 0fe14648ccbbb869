import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  BIN,
  cli,
  idleProcess,
  isAlive,
  onlyEpisode,
  readJson,
  readRows,
  startCli,
  temporaryFolder,
  until,
  watch,
} from '../support/cli.js';
import { TOLERANT, TOLERANT_FLAGS } from '../support/tolerant.js';

test('a target that exits ends the episode properly', async () => {
  const output = temporaryFolder();
  const target = idleProcess();
  const { outcome, saw } = startCli([
    'episode',
    'start',
    ...TOLERANT_FLAGS,
    '--target-pid',
    String(target.pid),
    '--duration',
    '60s',
    '--output',
    output,
  ]);
  await saw(/phase_started/);
  // without a single row the episode would be invalid, and rightly so
  await until(() => readRows(join(onlyEpisode(output), 'telemetry/host_proc.jsonl')).length > 0);
  target.kill('SIGKILL');
  const { code } = await outcome;
  expect(code).toBe(0);
  const folder = onlyEpisode(output);
  expect(readJson(join(folder, 'done.marker'))).toMatchObject({
    status: 'complete',
    end_reason: 'target_exited',
    grade: 'ok',
  });
  const meta = readJson(join(folder, 'meta.json'));
  // what would have come behind the end is not scheduled, and so not missed
  for (const { ticks_scheduled, ticks_run, ticks_missed } of meta.collectors) {
    expect(ticks_run + ticks_missed).toBe(ticks_scheduled);
    expect(ticks_scheduled).toBeLessThanOrEqual(Math.ceil(meta.end_ns / 1e8) + 1);
  }
  expect((await cli('episode', 'validate', folder)).code).toBe(0);
});

test('a command is released at the origin, not before, and its exit is known', async () => {
  const output = temporaryFolder();
  const { code } = await cli(
    'episode',
    'start',
    ...TOLERANT_FLAGS,
    '--duration',
    '20s',
    '--output',
    output,
    '--',
    'sh',
    '-c',
    'date +%s%N; echo oops >&2; sleep 3; exit 7',
  );
  expect(code).toBe(0);
  const folder = onlyEpisode(output);
  const exit = readRows(join(folder, 'events.jsonl')).find(({ event }) => event === 'target_exited');
  expect(exit).toMatchObject({ code: 7, signal: null });
  const origin = /"origin_realtime_ns":\s*(\d+)/.exec(readFileSync(join(folder, 'meta.json'), 'utf8'))![1]!;
  const ranAt = BigInt(readFileSync(join(folder, 'artifacts/target-stdout.log'), 'utf8').trim());
  expect(ranAt).toBeGreaterThanOrEqual(BigInt(origin));
  expect(readFileSync(join(folder, 'artifacts/target-stderr.log'), 'utf8')).toBe('oops\n');
});

test('a command gets its arguments as they are, its working directory and its variables', async () => {
  const output = temporaryFolder();
  const config = join(temporaryFolder(), 'c.yaml');
  const argv = ['sh', '-c', 'pwd; echo "$GREETING $CIS490_EPISODE"; printf "<%s>" "$@"', 'x', 'a b', '', '*', '$HOME'];
  writeFileSync(
    config,
    JSON.stringify({ target: { type: 'command', argv, cwd: '/usr', env: { GREETING: 'hello' } }, duration: '20s' }),
  );
  await cli('episode', 'start', '--config', config, '--output', output);
  const folder = onlyEpisode(output);
  const id = folder.slice(-26);
  expect(readFileSync(join(folder, 'artifacts/target-stdout.log'), 'utf8')).toBe(
    `/usr\nhello ${id}\n<a b><><*><$HOME>`,
  );
});

test('what a command started ends with the episode, even what left its group and its parent', async () => {
  const output = temporaryFolder();
  const script = 'setsid sh -c "sleep 987 & exec sleep 986" & sleep 985 & trap "" TERM; while :; do sleep 984; done';
  const settings = [...TOLERANT_FLAGS, '--duration', '2s', '--output', output];
  const { code } = await cli('episode', 'start', ...settings, '--', 'sh', '-c', script);
  expect(code).toBe(0);
  const left = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && /sleep\0(98[4-7])\0/.test(commandLine(pid)));
  expect(left).toEqual([]);
});

test('a recorder that is killed leaves no marker and no torn meta.json; its command ends, and so do orphans at the next start', async () => {
  const output = temporaryFolder();
  // the command itself dies with the recorder; what it started outside its group is left to the next start
  const { child, saw } = startCli([
    'episode',
    'start',
    '--duration',
    '60s',
    '--output',
    output,
    '--',
    'sh',
    '-c',
    'setsid sleep 983 & exec sleep 982',
  ]);
  await saw(/phase_started/);
  const find = (seconds: number) =>
    readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && commandLine(pid) === `sleep\0${seconds}\0`);
  await until(() => find(983).length === 1 && find(982).length === 1);
  child.kill('SIGKILL');
  await until(() => find(982).length === 0);
  const folder = onlyEpisode(output);
  expect(existsSync(join(folder, 'done.marker'))).toBe(false);
  expect(readJson(join(folder, 'meta.json')).status).toBe('running');
  const listed = JSON.parse((await cli('episode', 'list', '--output', output, '--json')).stdout);
  expect(listed.episodes[0]).toMatchObject({ status: 'recoverable' });
  const next = await cli(
    'episode',
    'start',
    ...TOLERANT_FLAGS,
    '--target-pid',
    String(process.pid),
    '--duration',
    '1s',
    '--output',
    temporaryFolder(),
  );
  expect(next.code).toBe(0);
  expect(find(983)).toEqual([]);
});

test('a pid that another process has got is not observed', async () => {
  const target = idleProcess();
  const pid = target.pid;
  target.kill('SIGKILL');
  await until(() => !isAlive(pid));
  const output = temporaryFolder();
  const { code, stderr } = await cli('episode', 'start', '--target-pid', String(pid), '--output', output);
  expect(code).toBe(4);
  expect(stderr).toContain(`no process with pid ${pid}`);
  expect(readdirSync(output)).toEqual([]);
});

test('a machine is observed without a pid, by system alone', async () => {
  const output = temporaryFolder();
  const config = join(temporaryFolder(), 'c.json');
  writeFileSync(config, JSON.stringify({ profile: 'deployment', duration: '1s', grade: TOLERANT }));
  expect((await cli('episode', 'start', '--config', config, '--output', output)).code).toBe(0);
  const folder = onlyEpisode(output);
  expect(readdirSync(join(folder, 'telemetry'))).toEqual(['system.jsonl']);
  expect(readJson(join(folder, 'meta.json')).target).toMatchObject({ type: 'machine', pid: null });
});

test('profile deployment refuses an oracle, and any target but the machine', async () => {
  const config = join(temporaryFolder(), 'c.json');
  writeFileSync(
    config,
    JSON.stringify({
      profile: 'deployment',
      target: { type: 'pid', pid: process.pid },
      collectors: { host_proc: {}, system: {} },
    }),
  );
  const { code, stderr } = await cli('episode', 'start', '--config', config, '--output', temporaryFolder());
  expect(code).toBe(2);
  expect(stderr).toMatch(/target.type is "pid"/);
});

test('profile deployment refuses an oracle by name', async () => {
  const config = join(temporaryFolder(), 'c.json');
  writeFileSync(config, JSON.stringify({ profile: 'deployment', collectors: { mine: { use: 'host_proc' } } }));
  const { code, stderr } = await cli('episode', 'start', '--config', config, '--output', temporaryFolder());
  expect(code).toBe(2);
  expect(stderr).toMatch(/collectors.mine is an oracle/);
});

test('beside a virtual machine, system read locally is an oracle', async () => {
  const output = temporaryFolder();
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'bin'));
  symlinkSync('/bin/sleep', join(folder, 'bin/qemu-system-x86_64'));
  await cli(
    'episode',
    'start',
    '--duration',
    '1s',
    '--output',
    output,
    '--',
    join(folder, 'bin/qemu-system-x86_64'),
    '600',
  );
  const meta = readJson(join(onlyEpisode(output), 'meta.json'));
  expect(meta.target.is_vm).toBe(true);
  expect(
    meta.collectors.map(({ available_in_deployment }: { available_in_deployment: boolean }) => available_in_deployment),
  ).toEqual([false, false]);
  expect(readRows(join(onlyEpisode(output), 'telemetry/system.jsonl'))[0].available_in_deployment).toBe(false);
});

test('where io of the target can not be read there are nulls, and one event', async () => {
  const output = temporaryFolder();
  chmodSync(output, 0o777);
  // a process of another user; root may read everything, so it becomes nobody
  const isRoot = process.getuid?.() === 0;
  const pid = isRoot ? process.pid : 1;
  const asNobody = isRoot ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];
  const flags = [
    'episode',
    'start',
    ...TOLERANT_FLAGS,
    '--target-pid',
    String(pid),
    '--duration',
    '1s',
    '--collector',
    'host_proc',
    '--output',
    join(output, 'out'),
  ];
  const { code } = await watch(spawn('env', [...asNobody, process.execPath, BIN, ...flags], { cwd: '/' })).outcome;
  expect(code).toBe(0);
  const folder = onlyEpisode(join(output, 'out'));
  const rows = readRows(join(folder, 'telemetry/host_proc.jsonl'));
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows) expect(row).toMatchObject({ io_read_bytes: null, io_write_bytes: null });
  const unreadable = readRows(join(folder, 'events.jsonl')).filter(({ event }) => event === 'source_unreadable');
  expect(unreadable).toMatchObject([{ source: 'host_proc', path: `/proc/${pid}/io` }]);
});

test('output beyond the limit of its artifact is counted', async () => {
  const output = temporaryFolder();
  await cli('episode', 'start', '--duration', '20s', '--output', output, '--', 'head', '-c', '20000000', '/dev/zero');
  const folder = onlyEpisode(output);
  const [truncated] = readRows(join(folder, 'events.jsonl')).filter(({ event }) => event === 'target_event');
  expect(truncated).toMatchObject({ code: 'output_truncated', dropped_bytes: 20_000_000 - 16 * 1024 * 1024 });
});

test('a start that fails removes the folders that it made, and no others', async () => {
  const folder = temporaryFolder();
  expect((await cli('episode', 'start', '--output', join(folder, 'new/a/b'), '--', 'no-such-program-490')).code).toBe(
    4,
  );
  expect(readdirSync(folder)).toEqual([]);
});

test('a dry run finds out that a command does not exist', async () => {
  expect((await cli('episode', 'start', '--dry-run', '--', 'no-such-program-490')).code).toBe(4);
});

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
