import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { cli, onlyEpisode, readRows, temporaryFolder, until } from '../support/cli.js';

const NAMES = ['CPU 0/KVM', 'CPU 1/TCG', 'a ) ( b'];
/** Threads that name themselves as QEMU's do (prctl(2), PR_SET_NAME), one of them busy. */
const NAMED = `
import ctypes, threading, time
def run(name):
    ctypes.CDLL(None).prctl(15, name.encode(), 0, 0, 0)
    while name == 'CPU 1/TCG':
        pass
    time.sleep(600)
for name in ${JSON.stringify(NAMES)}:
    threading.Thread(target=run, args=(name,), daemon=True).start()
time.sleep(600)
`;

const threadNames = (pid: number) =>
  readdirSync(`/proc/${pid}/task`).map((tid) => readFileSync(`/proc/${pid}/task/${tid}/comm`, 'utf8').trimEnd());

test('each thread of a process is told by its name, and virtual CPUs by their number', async () => {
  const target = spawn('python3', ['-c', NAMED], { stdio: 'ignore' });
  onTestFinished(() => void target.kill('SIGKILL'));
  await until(() => NAMES.every((name) => threadNames(target.pid!).includes(name)));
  const output = temporaryFolder();
  const args = ['--target-pid', `${target.pid}`, '--collector', 'host_threads', '--duration', '1s', '--output', output];
  expect([0, 3]).toContain((await cli('episode', 'start', ...args)).code); // a busy machine may miss ticks
  const rows = readRows(join(onlyEpisode(output), 'telemetry/host_threads.jsonl'));
  expect(rows.length).toBeGreaterThan(1);
  for (const { threads, thread_count, threads_unlisted } of rows) {
    expect([thread_count, threads_unlisted]).toEqual([4, 0]);
    const vcpus = threads.map(({ name, vcpu }: { name: string; vcpu: number | null }) => [name, vcpu]);
    expect(vcpus).toEqual(expect.arrayContaining(NAMES.map((name, i) => [name, i < 2 ? i : null])));
    expect(threads[0].tid).toBe(target.pid);
  }
  const busy = rows.map(({ threads }) => threads.find(({ vcpu }: { vcpu: number }) => vcpu === 1).cpu_user_jiffies);
  expect(busy).toEqual([...busy].sort((a, b) => a - b));
  expect(busy.at(-1)).toBeGreaterThan(busy[0]);
});
