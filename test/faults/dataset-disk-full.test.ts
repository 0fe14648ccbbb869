import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { counterSince, type Fields } from '../../src/index.js';
import { cli, temporaryFolder } from '../support/cli.js';
import { makeEpisode } from '../support/made-episode.js';
import { counts, inParallel } from './support/in-parallel.js';
import { expectNoStack } from './support/judge.js';
import { tell } from './support/random.js';
import { rootTest } from './support/root-test.js';
import { smallDisk } from './support/small-disk.js';

const FIELDS = { calls: counterSince('boot')('{call}', 'Calls.') } as const satisfies Fields;

const ROOM_KIB = [0, 8, 16, 24, 32, 48, 64, 80, 96, 128, 256, 512];

rootTest(
  'a data set on a full disk: a sentence and nothing, or all of it',
  async () => {
    const output = temporaryFolder();
    const rows = Array.from({ length: 600 }, (_, k) => ({ calls: k * (1 + (k % 17)) + 1000 * k }));
    makeEpisode({
      output,
      sources: { probe: { fields: FIELDS, rows } },
      labels: [{ atMs: 0, label: 'benign' }],
      durationMs: 60_000,
    });
    const outcomes = await inParallel(2, ROOM_KIB, async (kib) => {
      const disk = smallDisk(2);
      disk.leave(kib);
      const outcome = await cli('dataset', 'build', output, '--out', join(disk.path, 'set'));
      disk.makeRoom();
      expectNoStack(outcome);
      const left = readdirSync(disk.path).filter((name) => name.includes('set'));
      expect([outcome.code, left], outcome.stderr).toEqual(outcome.code === 0 ? [0, ['set']] : [1, []]);
      if (outcome.code === 1) expect(outcome.stderr).toMatch(/Error: .*(No space left|ENOSPC)/);
      return outcome.code === 0 ? 'whole' : 'failed';
    });
    tell(`a data set with room for ${ROOM_KIB.join(', ')} KiB: ${counts(outcomes)}`);
    expect(new Set(outcomes)).toEqual(new Set(['failed', 'whole']));
  },
  180_000,
);
