import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../../support/cli.js';
import { noise } from './noise.js';

type Point = Readonly<Record<string, number>>;
interface Verdict {
  readonly name: string;
  readonly isGrowing: boolean;
}

const { judgeAll, verdictSentence } = await import(join(ROOT, 'bench/soak/measures.mjs'));

const COLLECTORS = 9;

/** A recorder as it was seen on a machine with two cores. */
const STEADY = {
  memoryMb: 120,
  programsMb: 42,
  descriptors: 130,
  threads: 20,
  programs: 3,
  cpu: 0.4,
  programsCpu: 0.1,
  lateP50Us: 600,
  kbPerS: 700,
};

/** An hour, a point a second, each measure within a tenth of its level; then what `change` makes of it. */
function watched(change: (second: number) => Point = () => ({})): Point[] {
  const random = noise(490);
  return Array.from({ length: 3600 }, (_, atS) => {
    const noisy = Object.fromEntries(
      Object.entries(STEADY).map(([key, level]) => [key, level * (1 + 0.1 * random())]),
    ) as typeof STEADY;
    const counts = { descriptors: 130 + (atS % 7), threads: STEADY.threads, programs: STEADY.programs };
    return { atS, ...noisy, ...counts, ...change(atS) };
  });
}

const growing = (points: readonly Point[]): string[] =>
  judgeAll(points, COLLECTORS)
    .filter(({ isGrowing }: Verdict) => isGrowing)
    .map(({ name }: Verdict) => name);

test('a steady recorder has nothing that grows', () => {
  expect(growing(watched())).toEqual([]);
  expect(judgeAll(watched(), COLLECTORS)).toHaveLength(Object.keys(STEADY).length);
});

test.each([
  ['memory', 'memoryMb', 120, 0.6],
  ['memory of programs', 'programsMb', 42, 0.3],
  ['open descriptors', 'descriptors', 130, 0.1],
  ['threads', 'threads', 20, 0.1],
  ['programs', 'programs', 3, 0.1],
  ['cpu', 'cpu', 0.4, 0.004],
  ['cpu of programs', 'programsCpu', 0.1, 0.002],
  ['lateness, p50', 'lateP50Us', 600, 20],
  ['written', 'kbPerS', 700, 4],
])('%s that grows a little each minute is found, and nothing else', (name, key, level, perMinute) => {
  const points = watched((second) => ({ [key]: level + Math.round((1e4 * second * perMinute) / 60) / 1e4 }));
  expect(growing(points)).toEqual([name]);
});

test('a sentence tells how much it is a minute, and in all', () => {
  const points = watched((second) => ({ descriptors: 100 + second / 60 }));
  const verdict = judgeAll(points, COLLECTORS).find(({ name }: Verdict) => name === 'open descriptors');
  expect(verdictSentence(verdict)).toBe(
    'open descriptors: 1.00 more each minute; that is 47.5 in 47.5 min, at least 47.5, where 2.0 would be noise',
  );
});

test('seconds without a tick have no lateness, and a recording of streams has none at all', () => {
  const without = (isTold: (second: number) => boolean) =>
    watched().map(({ lateP50Us, ...point }) =>
      isTold(point.atS!) ? { ...point, lateP50Us: lateP50Us! } : point,
    ) as Point[];
  const names = (points: readonly Point[]) => judgeAll(points, COLLECTORS).map(({ name }: Verdict) => name);
  expect(names(without((second) => second % 3 > 0))).toContain('lateness, p50');
  expect(names(without(() => false))).not.toContain('lateness, p50');
});
