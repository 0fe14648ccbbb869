import { expect, test } from 'vitest';
import hostThreads from '../../../src/plugins/host-threads/index.js';
import { replayCase } from '../support/replay-case.js';
import { U64_MAX } from '../support/rows.js';

const names = (name: string) => replayCase(hostThreads, name).map((row) => row?.threads.map((thread) => thread.name));

test("a virtual CPU is told by QEMU's name for its thread, and by no other name", () => {
  const [row] = replayCase(hostThreads, 'virtual-cpus-by-name');
  const vcpus = row!.threads.map(({ tid, vcpu }) => [tid, vcpu]).filter(([, vcpu]) => vcpu !== null);
  expect(vcpus).toEqual([
    [4245, 0],
    [4246, 1],
    [4247, 255],
    [4250, 2],
  ]);
  expect(row).toMatchObject({ thread_count: 12, threads_unlisted: 0 });
  expect(row!.threads[2]).toMatchObject({ state: 'R', cpu: 1, cpu_user_jiffies: 9120, cpu_sys_jiffies: 411 });
});

test('a name of parentheses, spaces or nothing moves no field', () => {
  const [row] = replayCase(hostThreads, 'comm-with-parentheses-and-spaces');
  expect(row!.threads.map(({ name, cpu_user_jiffies }) => [name, cpu_user_jiffies])).toEqual([
    ['(a b ) ( c d) ', 4242],
    [') R 1 1 1 1 1 1', 4243],
    ['', 4244],
    ['a\nb', 4245],
  ]);
});

test('64-bit counters come out to the last digit', () => {
  const [row] = replayCase(hostThreads, 'counters-of-64-bits');
  expect(row!.threads[0]).toMatchObject({
    cpu_user_jiffies: U64_MAX,
    major_faults: U64_MAX,
    start_time_jiffies: U64_MAX,
  });
});

test('a thread that ended is gone from the next row, and a new one is in it', () => {
  const rows = replayCase(hostThreads, 'thread-that-ends-between-ticks');
  const tids = rows.map((row) => row!.threads.map(({ tid }) => tid));
  expect(tids).toEqual([
    [4242, 4243, 4250],
    [4242, 4250, 9999],
  ]);
});

test('a tid that went to another thread has its name and start time', () => {
  expect(names('tid-of-another-thread')).toEqual([
    ['main', 'first'],
    ['main', 'second'],
  ]);
});

test('a thread that ended after the listing is not in the row, nor counted', () => {
  const [row] = replayCase(hostThreads, 'thread-gone-since-it-was-listed');
  expect(row).toMatchObject({ thread_count: 1, threads: [{ tid: 4242 }] });
});

test('a stat that was cut in a number gives no record', () => {
  const [row] = replayCase(hostThreads, 'stat-cut-in-a-number');
  expect(row!.threads.map(({ tid }) => tid)).toEqual([4242]);
});
