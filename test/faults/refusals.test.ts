import { execFileSync, spawn } from 'node:child_process';
import { cpSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { BIN, cli, startCli, temporaryFolder, watch } from '../support/cli.js';
import { counts, inParallel } from './support/in-parallel.js';
import { episodesIn, expectNoStack, expectValid, settle } from './support/judge.js';
import { tell } from './support/random.js';
import { rootTest } from './support/root-test.js';
import { smallDisk } from './support/small-disk.js';
import { CONFIG, harm, smallEpisode, startEpisode } from './support/small-episode.js';

/** Below the first Node itself does not get as far as the program; the last is enough. */
const LIMITS = [30, 32, 35, 38, 41, 44, 47, 50, 53, 56, 60, 64, 70, 80, 100, 256];

test('too few descriptors: a sentence and nothing is left, or an episode that is whole', async () => {
  const words = await inParallel(2, LIMITS, async (limit) => {
    const output = join(temporaryFolder(), 'out');
    const command = `ulimit -n ${limit}; exec "$@"`;
    const args = ['episode', 'start', '--duration', '300ms', '--output', output, '--', 'sleep', '5'];
    const outcome = await watch(spawn('/bin/sh', ['-c', command, 'sh', process.execPath, BIN, ...args])).outcome;
    expectNoStack(outcome);
    const { code, stderr } = outcome;
    expect([0, 3, 4], stderr).toContain(code);
    if (code === 4) expect(stderr).toMatch(/^Error: .*(EMFILE|too many open files)/m);
    const folders = episodesIn(output);
    expect(folders).toHaveLength(code === 4 ? 0 : 1);
    await expectValid(folders);
    return code === 4 ? 'not begun' : 'whole';
  });
  tell(`descriptors limited to ${LIMITS.join(', ')}: ${counts(words)}`);
  expect(words.at(-1)).toBe('whole');
});

test('no descriptor left while it records: a sentence and no marker, or an episode that is whole', async () => {
  const words = await inParallel(2, [0, 1, 2, 3, 4, 6, 10], async (more) => {
    const output = join(temporaryFolder(), 'out');
    const args = ['episode', 'start', '--duration', '6s', '--output', output, '--', 'sleep', '60'];
    const { child, saw, outcome } = startCli(args);
    await saw(/phase_started/);
    const limit = lowestFree(child.pid!) + more;
    execFileSync('prlimit', ['--pid', String(child.pid), `--nofile=${limit}:${limit}`]);
    const ended = await outcome;
    expectNoStack(ended);
    expect([0, 1, 3], ended.stderr).toContain(ended.code);
    if (ended.code === 1) expect(ended.stderr).toMatch(/^Error: .*(EMFILE|too many open files)/m);
    const [fate] = await settle(episodesIn(output));
    expect(fate === 'trusted').toBe(ended.code !== 1);
    return fate!;
  });
  tell(`no descriptor left while it records: ${counts(words)}`);
});

/** The number that the next descriptor would have. */
function lowestFree(pid: number): number {
  const taken = new Set(readdirSync(`/proc/${pid}/fd`).map(Number));
  let free = 0;
  while (taken.has(free)) free++;
  return free;
}

rootTest(
  'a read-only output folder: a sentence, and nothing is changed',
  async () => {
    const disk = smallDisk(4);
    const original = await smallEpisode();
    const [whole, torn] = ['whole', 'torn'].map((name) => join(disk.path, name, basename(original)));
    for (const folder of [whole!, torn!]) cpSync(original, folder, { recursive: true });
    harm(torn!);
    disk.setReadOnly(true);
    const started = await startEpisode(join(disk.path, 'out'), CONFIG).outcome;
    expect(started.stderr).toMatch(/Error: the output folder .* can not be written: EROFS/);
    expect(started.code).toBe(4);
    for (const args of [
      ['recover', torn!],
      ['label', whole!, '--revises', '0', '--label', 'unknown', '--why', 'a test'],
    ]) {
      const outcome = await cli('episode', ...args);
      expectNoStack(outcome);
      expect(outcome.stderr).toMatch(/Error: .*could not be finished: EROFS/);
      expect(outcome.code).toBe(1);
    }
    await expectValid([whole!]);
    disk.setReadOnly(false);
    expect((await cli('episode', 'recover', torn!)).code).toBe(3);
    await expectValid([torn!]);
  },
  900_000,
);
