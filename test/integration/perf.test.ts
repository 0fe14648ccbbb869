import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli, readJson, readRows, until } from '../support/cli.js';
import { observersOf, recordBeside, untilRowsBeganNow, worker } from '../support/observed.js';

const touch = (pages: number) =>
  `m = mmap.mmap(-1, ${pages} * 4096)\nm.madvise(mmap.MADV_NOHUGEPAGE)\nfor i in range(${pages}): m[i * 4096] = 1`;

const sumOf = (rows: Record<string, number>[], key: string) => rows.reduce((sum, row) => sum + row[key]!, 0);

test('pages that the target and its child touch are faults, and sleeps are context switches', async () => {
  const child = `if os.fork() == 0:\n  ${touch(1000).replaceAll('\n', '\n  ')}\n  os._exit(0)\nos.wait()`;
  const target = worker(`${touch(2000)}\n${child}\nfor i in range(50): time.sleep(0.001)`);
  const recording = await recordBeside({ type: 'pid', pid: target.pid }, { perf: { interval: '50ms' } });
  const before = recording.rows('perf').length;
  await target.go();
  await untilRowsBeganNow(recording, 'perf');
  recording.child.kill('SIGINT');
  expect((await recording.outcome).code).toBe(130);
  const rows = recording.rows('perf').slice(before);
  expect(sumOf(rows, 'minor_faults')).toBeGreaterThanOrEqual(3000);
  expect(sumOf(rows, 'minor_faults')).toBeLessThan(6000);
  expect(sumOf(rows, 'context_switches')).toBeGreaterThanOrEqual(50);
  expect(sumOf(rows, 'task_clock_ns')).toBeGreaterThan(0);
  expect(rows.at(-1)).toMatchObject({ task_clock_ns: 0, minor_faults: 0, context_switches: 0 });
  expect(readJson(join(recording.folder, 'done.marker')).grade).toBe('ok');
  expect(observersOf(target.pid, 'perf')).toEqual([]);
});

test('what was counted since the last whole interval is told at the end', async () => {
  const target = worker(touch(2000));
  const recording = await recordBeside({ type: 'pid', pid: target.pid }, { perf: { interval: '2s' } });
  await target.go();
  recording.child.kill('SIGINT');
  expect((await recording.outcome).code).toBe(130);
  expect(sumOf(recording.rows('perf'), 'minor_faults')).toBeGreaterThanOrEqual(2000);
  expect((await cli('episode', 'validate', recording.folder)).stdout).toMatch(/: valid/);
});

test('perf ends with a target that ends, and that is no failure', async () => {
  const argv = ['sh', '-c', 'i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done'];
  const { outcome, folder, rows } = await recordBeside({ type: 'command', argv }, { perf: {}, host_proc: {} });
  expect((await outcome).stderr).not.toContain('collector_failed');
  expect(readJson(join(folder, 'meta.json'))).toMatchObject({ status: 'complete', end_reason: 'target_exited' });
  expect(sumOf(rows('perf'), 'task_clock_ns')).toBeGreaterThan(0);
});

test('perf that is killed is told, and the others go on', async () => {
  const target = worker('pass');
  const collectors = { perf: {}, host_proc: {} };
  const recording = await recordBeside({ type: 'pid', pid: target.pid }, collectors, '8s');
  await until(() => recording.rows('perf').length > 0);
  for (const pid of observersOf(target.pid, 'perf')) process.kill(pid, 'SIGKILL');
  expect((await recording.outcome).code).toBe(3);
  const events = readRows(join(recording.folder, 'events.jsonl'));
  expect(events.find(({ event }) => event === 'collector_failed')).toMatchObject({
    source: 'perf',
    reason: expect.stringContaining('perf ended by itself, with SIGKILL'),
  });
  expect(recording.rows('host_proc').at(-1).t_mono_ns).toBeGreaterThan(5e9);
  expect(readJson(join(recording.folder, 'done.marker')).grade).toBe('degraded');
});

test('perf does not outlive a recorder that is killed', async () => {
  const target = worker('pass');
  const recording = await recordBeside({ type: 'pid', pid: target.pid }, { perf: {} });
  expect(observersOf(target.pid, 'perf')).toHaveLength(1);
  recording.child.kill('SIGKILL');
  await until(() => observersOf(target.pid, 'perf').length === 0);
});
