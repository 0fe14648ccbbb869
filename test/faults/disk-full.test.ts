import { cpSync, existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect } from 'vitest';
import { cli, type Outcome } from '../support/cli.js';
import { counts, inParallel, upTo } from './support/in-parallel.js';
import { episodesIn, expectNoStack, expectValid, settle } from './support/judge.js';
import { tell } from './support/random.js';
import { rootTest } from './support/root-test.js';
import { type SmallDisk, smallDisk } from './support/small-disk.js';
import { CONFIG, harm, smallEpisode, startEpisode } from './support/small-episode.js';

const POINTS = 30;
/** A whole episode of this configuration takes about so much. */
const ENOUGH_KIB = 400;

rootTest(
  `a disk that is full at ${POINTS} points: a sentence and no marker, and what is there recovers after room was made`,
  async () => {
    const disks = upTo(POINTS).map(() => smallDisk(2));
    const words = await inParallel(2, disks, async (disk, index) => {
      disk.leave(Math.round((index * ENOUGH_KIB) / (POINTS - 1)));
      const output = join(disk.path, 'out');
      const outcome = await startEpisode(output, CONFIG).outcome;
      disk.makeRoom();
      return wordOf(outcome, output);
    });
    const failed = disks.flatMap(({ path }) => episodesIn(join(path, 'out')));
    for (const word of ['not begun', 'failed', 'whole']) expect(words).toContain(word);
    tell(`disk full at ${POINTS} points: ${counts(words)}; afterwards: ${counts(await settle(failed))}`);
  },
  900_000,
);

/** What it says is what it did. */
function wordOf(outcome: Outcome, output: string): string {
  const { code, stderr } = outcome;
  expectNoStack(outcome);
  if (code === 1 || code === 4) expect(stderr).toMatch(/Error: .*ENOSPC/);
  else expect([0, 3], stderr).toContain(code);
  const folders = episodesIn(output);
  const hasMarker = folders.some((folder) => existsSync(join(folder, 'done.marker')));
  expect({ code, folders: folders.length, hasMarker }).toEqual({
    code,
    folders: code === 4 ? 0 : 1,
    hasMarker: code !== 1 && code !== 4,
  });
  return code === 4 ? 'not begun' : code === 1 ? 'failed' : 'whole';
}

/** Puts a copy of the episode onto the disk, and has a command meet the disk with so much room on it. */
async function onFullDisk(disk: SmallDisk, kib: number, prepare: (folder: string) => void, ...command: string[]) {
  const original = await smallEpisode();
  const folder = join(disk.path, basename(original));
  cpSync(original, folder, { recursive: true });
  prepare(folder);
  disk.leave(kib);
  const [topic, verb, ...flags] = command;
  const outcome = await cli(topic!, verb!, folder, ...flags);
  expectNoStack(outcome);
  disk.makeRoom();
  return { folder, outcome };
}

const ROOM_KIB = [0, 4, 8, 16, 32, 40, 48, 64, 96, 128, 256];

rootTest(
  'a recovery on a full disk: a sentence, and again when there is room',
  async () => {
    const codes = await inParallel(2, ROOM_KIB, async (kib) => {
      const { folder, outcome } = await onFullDisk(smallDisk(2), kib, harm, 'episode', 'recover');
      if (outcome.code !== 3) {
        expect(outcome.stderr).toMatch(/Error: .*could not be finished: ENOSPC/);
        expect(outcome.code).toBe(1);
        const again = await cli('episode', 'recover', folder, '--json');
        expect(again.code, again.stderr).toBe(3);
        expect(JSON.parse(again.stdout).episodes[0].lost).toHaveLength(4);
      }
      await expectValid([folder]);
      return String(outcome.code);
    });
    tell(`recovery with room for ${ROOM_KIB.join(', ')} KiB: exit codes ${counts(codes)}`);
  },
  900_000,
);

rootTest(
  'a relabelling on a full disk: a sentence, and the episode is whole, or is made so when there is room',
  async () => {
    const label = ['--revises', '0', '--label', 'unknown', '--why', 'a test'];
    const codes = await inParallel(2, [0, 4, 8, 12, 64], async (kib) => {
      const { folder, outcome } = await onFullDisk(smallDisk(2), kib, () => {}, 'episode', 'label', ...label);
      if (outcome.code !== 0) {
        expect(outcome.stderr).toMatch(/Error: .*could not be finished: ENOSPC/);
        expect(outcome.code).toBe(1);
      }
      expect(readdirSync(folder).filter((name) => /marker$/.test(name))).toHaveLength(1);
      expect((await settle([folder]))[0]).not.toBe('recovered with a loss');
      return String(outcome.code);
    });
    tell(`relabelling on a full disk: exit codes ${counts(codes)}`);
  },
  900_000,
);
