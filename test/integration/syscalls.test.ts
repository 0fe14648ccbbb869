import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { readJson, readRows, until } from '../support/cli.js';
import { observersOf, type Recording, recordBeside, untilRowsBeganNow, worker } from '../support/observed.js';
import { requireTracefs } from '../support/tracefs.js';

beforeAll(requireTracefs);

interface Call {
  readonly name: string;
  readonly count: number;
  readonly errors: number;
}

function totalOf(recording: Recording, name: string): { count: number; errors: number } {
  const calls = recording.rows('syscalls').flatMap((row) => (row.calls as Call[]).filter((call) => call.name === name));
  const sum = (key: 'count' | 'errors') => calls.reduce((total, call) => total + call[key], 0);
  return { count: sum('count'), errors: sum('errors') };
}

const WORK = `for i in range(10000): os.getppid()
for i in range(300):
  try: os.rmdir('/no/such/folder')
  except OSError: pass
if os.fork() == 0:
  for i in range(5000): os.getppid()
  os._exit(0)
os.wait()`;

test.each([
  ['and of its child', true, 15000],
  ['and not of its child', false, 10000],
])('each call of the target is counted, %s', async (_, followChildren, expected) => {
  const target = worker(WORK);
  const syscalls = { interval: '50ms', options: { follow_children: followChildren } };
  const recording = await recordBeside({ type: 'pid', pid: target.pid }, { syscalls });
  await target.go();
  await untilRowsBeganNow(recording, 'syscalls');
  recording.child.kill('SIGINT');
  expect((await recording.outcome).code).toBe(130);
  expect(totalOf(recording, 'getppid')).toEqual({ count: expected, errors: 0 });
  expect(totalOf(recording, 'rmdir')).toEqual({ count: 300, errors: 300 });
  for (const row of recording.rows('syscalls')) {
    const families = ['file', 'network', 'process', 'memory', 'ipc', 'other'].map((family) => row[`calls_${family}`]);
    expect(families.reduce((sum, count) => sum + count, 0)).toBe(row.calls_total);
    expect((row.calls as Call[]).reduce((sum, { count }) => sum + count, 0)).toBe(row.calls_total);
  }
  expect(recording.rows('syscalls').at(-1)).toMatchObject({ processes: 1, calls_total: 0, calls: [] });
  expect(readJson(join(recording.folder, 'done.marker')).grade).toBe('ok');
  expect(observersOf(target.pid, 'bpftrace')).toEqual([]);
});

test('a command is counted from its exec on, under the pid that waited at the gate', async () => {
  const argv = ['/bin/dd', 'if=/dev/zero', 'of=/dev/null', 'bs=1', 'count=20000', 'status=none'];
  const shell = ['sh', '-c', `${argv.join(' ')}; sleep 600`];
  const recording = await recordBeside({ type: 'command', argv: shell }, { syscalls: {} });
  await until(() => totalOf(recording, 'write').count >= 20000);
  await untilRowsBeganNow(recording, 'syscalls');
  recording.child.kill('SIGINT');
  await recording.outcome;
  expect(totalOf(recording, 'execve').count).toBeGreaterThanOrEqual(3);
  expect(totalOf(recording, 'write').count).toBe(20000);
});

test('bpftrace that is killed is told, and the others go on', async () => {
  const target = worker('pass');
  const collectors = { syscalls: {}, host_proc: {} };
  const recording = await recordBeside({ type: 'pid', pid: target.pid }, collectors, '8s');
  await until(() => recording.rows('syscalls').length > 0);
  for (const pid of observersOf(target.pid, 'bpftrace')) process.kill(pid, 'SIGKILL');
  expect((await recording.outcome).code).toBe(3);
  const events = readRows(join(recording.folder, 'events.jsonl'));
  expect(events.find(({ event }) => event === 'collector_failed')).toMatchObject({
    source: 'syscalls',
    reason: expect.stringContaining('bpftrace ended by itself, with SIGKILL'),
  });
  expect(recording.rows('host_proc').at(-1).t_mono_ns).toBeGreaterThan(5e9);
  expect(readJson(join(recording.folder, 'done.marker')).grade).toBe('degraded');
});

test('bpftrace does not outlive a recorder that is killed', async () => {
  const target = worker('pass');
  const recording = await recordBeside({ type: 'pid', pid: target.pid }, { syscalls: {} });
  expect(observersOf(target.pid, 'bpftrace')).toHaveLength(1);
  recording.child.kill('SIGKILL');
  await until(() => observersOf(target.pid, 'bpftrace').length === 0);
});
