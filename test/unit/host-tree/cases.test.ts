import { expect, test } from 'vitest';
import hostTree from '../../../src/plugins/host-tree/index.js';
import { replayCase } from '../support/replay-case.js';
import { U64_MAX } from '../support/rows.js';

const pidsOf = (row: ReturnType<typeof replay>[number]) => row?.processes.map(({ pid }) => pid) ?? null;
const replay = (name: string) => replayCase(hostTree, name);

test("what a child had used is in its parent's counters once it was waited for, and is not counted twice", () => {
  const [before, after] = replay('child-that-was-waited-for');
  expect(before).toMatchObject({
    cpu_user_jiffies: 145,
    cpu_sys_jiffies: 16,
    minor_faults: 1300,
    io_read_bytes: 12288,
  });
  expect(after).toMatchObject({ cpu_user_jiffies: 149, cpu_sys_jiffies: 17, minor_faults: 1320, io_read_bytes: 12288 });
  expect(after).toMatchObject({ io_write_bytes: 1024, processes_started: 2, processes_ended: 1 });
});

test('the last moments of a child are CPU time that nobody saw', () => {
  const [before, after] = replay('child-that-was-waited-for');
  expect(before).toMatchObject({ unseen_cpu_user_jiffies: 0, unseen_cpu_sys_jiffies: 0 });
  expect(after).toMatchObject({ unseen_cpu_user_jiffies: 4, unseen_cpu_sys_jiffies: 1 });
});

test("what was seen of a child stays in the sums if nobody waits for it, however much its parent's own io grew", () => {
  const [, after] = replay('child-that-nobody-waited-for');
  expect(after).toMatchObject({ process_count: 1, cpu_user_jiffies: 107, cpu_sys_jiffies: 12, minor_faults: 400 });
  expect(after).toMatchObject({ io_read_bytes: 1008192, io_write_bytes: 512, unseen_cpu_user_jiffies: 0 });
});

test('a grandchild that init adopted stays a member, and what it used stays after its end', () => {
  const rows = replay('grandchild-adopted-by-init');
  expect(rows.map(pidsOf)).toEqual([[4242, 4243, 4244], [4242, 4244], [4242]]);
  expect(rows.map((row) => row?.cpu_user_jiffies)).toEqual([33, 43, 43]);
});

test('it goes on while a descendant lives, and tells nothing when the last is gone', () => {
  const rows = replay('target-gone-and-its-child-lives');
  expect(rows.map(pidsOf)).toEqual([[4242, 4243], [4243], null]);
  expect(rows[1]).toMatchObject({ cpu_user_jiffies: 14, processes_ended: 1 });
});

test('a parent and its child that end in one tick count once', () => {
  const [before, after] = replay('parent-and-child-gone-in-one-tick');
  expect([before, after].map((row) => row?.cpu_user_jiffies)).toEqual([321, 326]);
  expect(after).toMatchObject({ unseen_cpu_user_jiffies: 5, unseen_cpu_sys_jiffies: 1, processes_ended: 2 });
});

test('an io that may not be read makes the sums null, and costs its own record only', () => {
  const [row] = replay('io-of-a-child-denied');
  expect(row).toMatchObject({ io_read_bytes: null, processes: [{ io_read_bytes: 4096 }, { io_read_bytes: null }] });
});

test('without option io nothing is told of it', () => {
  expect(replay('io-not-wanted')[0]).toMatchObject({ io_write_bytes: null, processes: [{ io_read_bytes: null }] });
});

test('where the kernel does not list children, they are found by their ppid', () => {
  const [row] = replay('kernel-without-children');
  expect(pidsOf(row!)).toEqual([4242, 4243, 4244]);
  expect(row).toMatchObject({ cpu_user_jiffies: 7, processes: [{}, { name: '(a b ) ( c d) ' }, {}] });
});

test("children of a process's other threads are found", () => {
  expect(pidsOf(replay('children-of-a-thread')[0]!)).toEqual([4242, 4250, 4251, 4252]);
});

test('a pid that was cut in two is nobody', () => {
  expect(pidsOf(replay('children-cut-in-a-number')[0]!)).toEqual([4242, 4243]);
});

test('a process that got the pid of a member is none', () => {
  const [, after] = replay('pid-of-another-process');
  expect(pidsOf(after!)).toEqual([4242]);
  expect(after).toMatchObject({ cpu_user_jiffies: 53, processes_ended: 1 });
});

test('sums beyond 64 bits stay at the end, and single counters come out to the last digit', () => {
  const [row] = replay('counters-of-64-bits');
  expect(row).toMatchObject({ cpu_user_jiffies: U64_MAX, io_read_bytes: U64_MAX, minor_faults: U64_MAX });
  expect(row!.processes[1]).toMatchObject({
    cpu_user_jiffies: U64_MAX,
    cpu_sys_jiffies: 1,
    start_time_jiffies: U64_MAX,
  });
});

test('a zombie is a member until it is waited for', () => {
  expect(replay('zombie')[0]).toMatchObject({
    process_count: 2,
    cpu_user_jiffies: 70,
    processes: [{}, { state: 'Z' }],
  });
});
