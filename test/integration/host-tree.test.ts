import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { BIN, cli, onlyEpisode, readRows, startCli, temporaryFolder, until, watch } from '../support/cli.js';
import { TOLERANT_FLAGS } from '../support/tolerant.js';

// biome-ignore lint/suspicious/noExplicitAny: rows as they are in the file
type Row = any;
type Target = ChildProcessByStdio<Writable, Readable, null> & { pid: number };

const COUNTERS = [
  ...['cpu_user_jiffies', 'cpu_sys_jiffies', 'minor_faults', 'major_faults', 'io_read_bytes', 'io_write_bytes'],
  ...['processes_started', 'processes_ended', 'unseen_cpu_user_jiffies', 'unseen_cpu_sys_jiffies'],
];

/** Takes a line for a sign to go on, and ends with its input. */
function startTarget(program: string, script: string): Target {
  const target = spawn(program, ['-c', script], { stdio: ['pipe', 'pipe', 'inherit'], detached: true }) as Target;
  onTestFinished(() => killQuietly(-target.pid));
  return target;
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it is gone
  }
}

/** Records the tree while `work` goes on, and returns all its rows. */
async function recordWhile(pid: number, interval: string, work: (rows: () => Row[]) => Promise<void>): Promise<Row[]> {
  const output = temporaryFolder();
  const settings = ['--target-pid', `${pid}`, '--collector', 'host_tree', '--interval', interval, '--duration', '120s'];
  const recorder = startCli(['episode', 'start', ...settings, '--output', output]);
  onTestFinished(() => void recorder.child.kill('SIGKILL'));
  await recorder.saw(/phase_started/);
  const file = join(onlyEpisode(output), 'telemetry/host_tree.jsonl');
  const rows = () => (existsSync(file) ? readRows(file) : []);
  await work(rows);
  const seen = rows().length;
  await until(() => rows().length >= seen + 2);
  recorder.child.kill('SIGINT');
  const { code, stderr } = await recorder.outcome;
  expect(code, stderr).toBe(130);
  return rows();
}

function expectNoStepBack(rows: readonly Row[]): void {
  for (const counter of COUNTERS)
    for (let i = 1; i < rows.length; i++)
      expect(rows[i][counter], `${counter} of row ${i}`).toBeGreaterThanOrEqual(rows[i - 1][counter]);
}

/** Fields of /proc/PID/stat by their numbers, by another reader. */
function statOf(pid: number): (number: number) => number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (number) => Number(fields[number - 3]);
}

const burnt = (row: Row): number => row.cpu_user_jiffies + row.cpu_sys_jiffies;
const recordOf = (row: Row, pid: number) => row?.processes.find((each: Row) => each.pid === pid);

test('the sums hold what children burnt that were born and ended between two ticks', async () => {
  const child = '(i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done)';
  const target = startTarget(
    'sh',
    `read go; for n in 1 2 3 4 5 6 7 8 9 10 11 12; do ${child}; done; echo done; read end`,
  );
  const { saw } = watch(target);
  const rows = await recordWhile(target.pid, '500ms', async () => {
    target.stdin.write('go\n');
    await saw(/done/);
  });
  expectNoStepBack(rows);
  const field = statOf(target.pid); // it waits for its input: nothing changes any more
  const last = rows.at(-1);
  expect(last).toMatchObject({
    process_count: 1,
    cpu_user_jiffies: field(14) + field(16),
    cpu_sys_jiffies: field(15) + field(17),
  });
  expect(last.minor_faults).toBe(field(10) + field(11));
  expect(last.unseen_cpu_user_jiffies).toBeGreaterThan(0);
  expect(last.unseen_cpu_user_jiffies).toBeLessThanOrEqual(field(16));
});

test('the sums are exact to the last fault while hundreds of processes come and go between the readings', async () => {
  const work = 'i=0; while [ $i -lt 500 ]; do i=$((i+1)); done; (:; /bin/true) | cat';
  const storm = `read go; seq 400 | xargs -P 4 -n 1 sh -c '${work}'; echo done; read end`;
  const target = startTarget('sh', storm);
  const { saw } = watch(target);
  const rows = await recordWhile(target.pid, '5ms', async () => {
    target.stdin.write('go\n');
    await saw(/done/);
  });
  expectNoStepBack(rows);
  const field = statOf(target.pid);
  const sums = { cpu_user_jiffies: field(14) + field(16), cpu_sys_jiffies: field(15) + field(17) };
  expect(rows.at(-1)).toMatchObject({
    ...sums,
    minor_faults: field(10) + field(11),
    major_faults: field(12) + field(13),
  });
  expect(rows.at(-1).processes_ended).toBeGreaterThan(100);
});

const DAEMON = `
import os, sys, time
end, told = os.pipe()
child = os.fork()
if child == 0:
    if os.fork() == 0:
        os.setsid()
        print('daemon', os.getpid(), flush=True)
        time.sleep(600)
    os.read(end, 1)
    os._exit(0)
sys.stdin.readline()
os.write(told, b'x')
os.waitpid(child, 0)
print('orphaned', flush=True)
sys.stdin.readline()
`;

test('a daemon that was seen stays a member when its parent has ended', async () => {
  const target = startTarget('python3', DAEMON);
  const { saw } = watch(target);
  let output = '';
  target.stdout.on('data', (chunk) => (output += chunk));
  await saw(/daemon \d+\n/);
  const daemon = Number(/daemon (\d+)/.exec(output)![1]);
  onTestFinished(() => killQuietly(daemon));
  const rows = await recordWhile(target.pid, '50ms', async (soFar) => {
    await until(() => recordOf(soFar().at(-1), daemon) !== undefined);
    target.stdin.write('go\n');
    await saw(/orphaned/);
  });
  expectNoStepBack(rows);
  expect(rows[0]).toMatchObject({ process_count: 3, processes_started: 3 });
  expect(rows.at(-1)).toMatchObject({ process_count: 2, processes_started: 3, processes_ended: 1 });
  expect(recordOf(rows.at(-1), daemon).ppid).toBe(statOf(daemon)(4));
  expect(recordOf(rows.at(-1), daemon).ppid).not.toBe(recordOf(rows[0], daemon).ppid);
});

const IGNORANT = `
import os, signal, sys, time
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
end, told = os.pipe()
if os.fork() == 0:
    while time.process_time() < 0.3:
        pass
    os.read(end, 1)
    os._exit(0)
print('forked', flush=True)
sys.stdin.readline()
os.write(told, b'x')
sys.stdin.readline()
`;

test('a parent that ignores SIGCHLD loses nothing that was seen', async () => {
  const target = startTarget('python3', IGNORANT);
  await watch(target).saw(/forked/); // an interpreter's own start may have children of its own
  const rows = await recordWhile(target.pid, '50ms', async (soFar) => {
    const isBurnt = ({ cpu_user_jiffies: user, cpu_sys_jiffies: sys, state }: Row) => user + sys >= 29 && state === 'S';
    await until(() =>
      soFar()
        .at(-1)
        ?.processes.some((each: Row) => each.pid !== target.pid && isBurnt(each)),
    );
    target.stdin.write('go\n');
    await until(() => soFar().at(-1)?.processes_ended === 1);
  });
  expectNoStepBack(rows);
  const last = rows.at(-1);
  const [root] = last.processes;
  expect(last.process_count).toBe(1);
  // of what an interpreter's own start has waited for, and no more
  expect(root.child_cpu_user_jiffies).toBe(recordOf(rows[0], target.pid).child_cpu_user_jiffies);
  expect(burnt(last)).toBeGreaterThanOrEqual(
    29 + burnt(root) + root.child_cpu_user_jiffies + root.child_cpu_sys_jiffies,
  );
  expect(last.unseen_cpu_user_jiffies).toBe(0);
});

test('a process that is gone gives no row, and the episode ends as it should', async () => {
  const target = startTarget('sh', 'read end');
  const output = temporaryFolder();
  const settings = [
    '--target-pid',
    `${target.pid}`,
    '--collector',
    'host_tree',
    '--duration',
    '60s',
    '--output',
    output,
  ];
  const recorder = startCli(['episode', 'start', ...settings]);
  await recorder.saw(/phase_started/);
  await until(() => readRows(join(onlyEpisode(output), 'telemetry/host_tree.jsonl')).length > 0);
  target.kill('SIGKILL');
  expect((await recorder.outcome).stderr).toMatch(/target_exited/);
  expect(readRows(join(onlyEpisode(output), 'telemetry/host_tree.jsonl'))[0]).toMatchObject({ process_count: 1 });
});

const FAMILY = `
import os, sys, time
for _ in range(150):
    if os.fork() == 0:
        time.sleep(600)
        os._exit(0)
print('forked', flush=True)
sys.stdin.readline()
`;

test('a recorder that may open fewer files than it wants reads them all the same', async () => {
  const target = startTarget('python3', FAMILY);
  await watch(target).saw(/forked/);
  const output = temporaryFolder();
  const settings = [
    ...TOLERANT_FLAGS,
    '--target-pid',
    `${target.pid}`,
    '--collector',
    'host_tree',
    '--duration',
    '1s',
    '--output',
    output,
  ];
  const limited = ['-c', 'ulimit -n 120; exec "$@"', 'sh', process.execPath, BIN, 'episode', 'start', ...settings];
  const { code, stderr } = await watch(spawn('sh', limited)).outcome;
  expect(code, stderr).toBe(0);
  const rows = readRows(join(onlyEpisode(output), 'telemetry/host_tree.jsonl'));
  expect(rows.map(({ process_count }) => process_count)).toEqual(rows.map(() => 151));
  expect(rows.length).toBeGreaterThan(1);
  expect((await cli('episode', 'validate', onlyEpisode(output))).stdout).toMatch(/: valid/);
});
