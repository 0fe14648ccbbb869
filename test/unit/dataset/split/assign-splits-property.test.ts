import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assignSplits } from '../../../../src/core/dataset/split/assign-splits.js';
import { groupEpisodes, type SplitEpisode } from '../../../../src/core/dataset/split/group-episodes.js';
import type { GroupKey } from '../../../../src/core/dataset/split/group-keys.js';
import { parseRatios } from '../../../../src/core/dataset/split/parse-ratios.js';
import { CisError } from '../../../../src/core/errors/cis-error.js';
import { episode } from './split-episodes.js';

const LABELS = ['benign', 'malicious', 'scanner'];
const someMember = fc.option(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'), { nil: null });
const someEpisode = fc.record({
  weights: fc.dictionary(fc.constantFrom(...LABELS), fc.integer({ min: 1, max: 60 }), { maxKeys: 3 }),
  members: fc.record({ host: someMember, family: someMember, pair: someMember }),
});
const request = (max: number) =>
  fc.record({
    episodes: fc
      .array(someEpisode, { minLength: 1, maxLength: max })
      .map((list) => list.map(({ weights, members }, n) => episode(n, weights, members))),
    ratios: fc.constantFrom('70/15/15', '80/20', '50/50', '34/33/33').map(parseRatios),
    by: fc.constantFrom('groups' as const, 'time' as const),
    groupBy: fc.subarray<GroupKey>(['pair', 'family', 'host']),
    seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  });

/** Null where it can not be. */
function attempt(given: Parameters<typeof assignSplits>[0]): ReturnType<typeof assignSplits> | null {
  try {
    return assignSplits(given);
  } catch (error) {
    if (error instanceof CisError) return null;
    throw error;
  }
}

test('no member of a key is on two sides, and no class is lacking', () => {
  fc.assert(
    fc.property(request(40), (given) => {
      const { splits, document } = attempt(given) ?? {};
      fc.pre(splits !== undefined && document !== undefined);
      for (const a of given.episodes)
        for (const b of given.episodes)
          for (const key of given.groupBy)
            if (a.members[key] !== null && a.members[key] === b.members[key])
              expect(splits.get(a.id)).toBe(splits.get(b.id));
      for (const { classes } of document.splits)
        for (const { episodes } of Object.values(classes)) expect(episodes).toBeGreaterThan(0);
    }),
  );
});

test('the order in which episodes come, and running it again, change nothing', () => {
  const shuffled = request(40).chain((given) =>
    fc.tuple(fc.constant(given), fc.shuffledSubarray(given.episodes, { minLength: given.episodes.length })),
  );
  fc.assert(
    fc.property(shuffled, ([given, episodes]) => {
      expect(attempt({ ...given, episodes })?.document).toEqual(attempt(given)?.document);
    }),
  );
});

test('if there is a way to give each split each class, it is found', () => {
  fc.assert(
    fc.property(request(9), (given) => {
      const groups = groupEpisodes(given.episodes, given.groupBy).map(({ episodes }) => episodes);
      fc.pre(given.by === 'groups' && groups.length <= 7);
      expect(attempt(given) !== null).toBe(isPossible(groups, given.ratios.length));
    }),
    { numRuns: 200 },
  );
});

test('of many groups as well: with a class that two groups have and two splits, both get one', () => {
  const rare = fc.tuple(
    fc.integer({ min: 30, max: 80 }),
    fc.integer({ min: 0, max: 29 }),
    fc.integer({ min: 0, max: 28 }),
  );
  fc.assert(
    fc.property(rare, fc.integer({ min: 0, max: 1000 }), ([count, one, other], seed) => {
      const isRare = (n: number) => n === one || n === (other === one ? 29 : other);
      const episodes = Array.from({ length: count }, (_, n) =>
        episode(n, { benign: 1 + ((n * 7) % 30), ...(isRare(n) && { scanner: 5 }) }),
      );
      const { document } = assignSplits({ episodes, ratios: parseRatios('90/10'), by: 'groups', groupBy: [], seed });
      expect(document.splits.map(({ classes }) => classes.scanner!.episodes)).toEqual([1, 1]);
    }),
    { numRuns: 30 },
  );
});

test('of few groups no other way comes nearer to the ratios by more than a percentage point', () => {
  fc.assert(
    fc.property(request(7), (given) => {
      fc.pre(given.by === 'groups');
      const { document } = attempt(given) ?? {};
      fc.pre(document !== undefined);
      const groups = groupEpisodes(given.episodes, given.groupBy).map(({ episodes }) => episodes);
      const parts = given.ratios.map(({ percent }) => percent / 100);
      const found = rootMeanSquare(
        document.splits.flatMap(({ classes }, i) => Object.values(classes).map(({ share }) => share - parts[i]!)),
      );
      const best = ways(groups, parts.length)
        .filter((sides) => sides.every((side) => labelsOf(groups).every((label) => seconds(side.flat(), label) > 0)))
        .map((sides) => deviation(sides, parts));
      expect(found).toBeLessThanOrEqual(Math.min(...best) + 0.01);
    }),
    { numRuns: 50 },
  );
});

type Episodes = readonly SplitEpisode[];

/** If there is a way to give each split each class. */
function isPossible(groups: readonly Episodes[], splits: number): boolean {
  const labels = labelsOf(groups);
  if (labels.length === 0) return false;
  return ways(groups, splits).some((sides) =>
    sides.every((side) => labels.every((label) => seconds(side.flat(), label) > 0)),
  );
}

/** Every way to put groups on sides. */
function ways(groups: readonly Episodes[], splits: number): Episodes[][][] {
  return Array.from({ length: splits ** groups.length }, (_, way) =>
    Array.from({ length: splits }, (_, split) =>
      groups.filter((_, group) => Math.floor(way / splits ** group) % splits === split),
    ),
  );
}

const labelsOf = (groups: readonly Episodes[]) => LABELS.filter((label) => seconds(groups.flat(), label) > 0);

function seconds(episodes: Episodes, label: string): number {
  return episodes.reduce((sum, { weights }) => sum + (weights[label] ?? 0), 0);
}

function deviation(sides: readonly Episodes[][], parts: readonly number[]): number {
  return rootMeanSquare(
    labelsOf(sides.flat()).flatMap((label) =>
      sides.map((side, i) => seconds(side.flat(), label) / seconds(sides.flat(2), label) - parts[i]!),
    ),
  );
}

const rootMeanSquare = (values: readonly number[]) =>
  Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / values.length);

test('episodes are in one group if and only if a chain of shared members joins them', () => {
  fc.assert(
    fc.property(request(25), ({ episodes, groupBy }) => {
      const groupOf = new Map(groupEpisodes(episodes, groupBy).flatMap((g) => g.episodes.map(({ id }) => [id, g.id])));
      for (const start of episodes) {
        const reached = new Set([start]);
        for (const a of reached)
          for (const b of episodes)
            if (groupBy.some((k) => a.members[k] !== null && a.members[k] === b.members[k])) reached.add(b);
        for (const other of episodes) expect(groupOf.get(other.id) === groupOf.get(start.id)).toBe(reached.has(other));
      }
    }),
  );
});
