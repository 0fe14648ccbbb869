import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../../support/cli.js';
import { noise } from './noise.js';

interface Point {
  readonly atS: number;
  readonly value: number;
}
interface Growth {
  readonly level: number;
  readonly growth: number;
  readonly growthAtLeast: number;
  readonly allowed: number;
  readonly isGrowing: boolean;
}
type Judge = (points: readonly Point[], allowance: { floor: number; share?: number }) => Growth;

const { judgeGrowth }: { judgeGrowth: Judge } = await import(join(ROOT, 'bench/lib/growth.mjs'));

const HOUR_S = 3600;
const SEEDS = Array.from({ length: 200 }, (_, i) => i + 1);
const ALLOWANCE = { floor: 6 };

/** A point a second, around 100. */
function series(lengthS: number, at: (second: number) => number): Point[] {
  return Array.from({ length: lengthS }, (_, atS) => ({ atS, value: 100 + at(atS) }));
}

/** Of 200 series that differ in their noise. */
function foundOf(lengthS: number, at: (random: () => number) => (second: number) => number): number {
  return SEEDS.filter((seed) => judgeGrowth(series(lengthS, at(noise(seed))), ALLOWANCE).isGrowing).length;
}

test.each([
  ['an hour', HOUR_S],
  ['two minutes', 120],
])('noise as large as what is allowed does not grow, in %s', (_, lengthS) => {
  expect(foundOf(lengthS, (random) => () => 6 * random())).toBe(0);
});

test('noise that depends on what was before does not grow', () => {
  const wandering = (random: () => number) => {
    let value = 0;
    return () => (value = 0.95 * value + random());
  };
  expect(foundOf(HOUR_S, wandering)).toBe(0);
});

test('a heap that fills and is emptied does not grow', () => {
  const sawtooth = (random: () => number) => {
    const [period, start] = [120 + 60 * random(), 60 * random()];
    return (second: number) => (12 * ((second + start + period) % period)) / period;
  };
  expect(foundOf(HOUR_S, sawtooth)).toBe(0);
});

test.each([
  ['while it warms up', (second: number) => (second < 400 ? second / 10 : 40)],
  ['once, at any moment', (second: number) => (second < 2000 ? 0 : 40)],
  ['ever more slowly', (second: number) => 40 * (1 - Math.exp(-second / 300))],
  ['for one long moment', (second: number) => (second > 2000 && second < 2400 ? 400 : 0)],
])('what grows %s does not go on growing', (_, at) => {
  expect(judgeGrowth(series(HOUR_S, at), ALLOWANCE).isGrowing).toBe(false);
});

test.each([
  ['a fifth a minute in an hour', HOUR_S, 0.2],
  ['eight a minute in two minutes', 120, 8],
])('a leak of %s is found in any noise', (_, lengthS, perMinute) => {
  const leak = (random: () => number) => (second: number) => (second / 60) * perMinute + random();
  expect(foundOf(lengthS, leak)).toBe(SEEDS.length);
});

test('a leak that comes in steps is found', () => {
  const steps = series(HOUR_S, (second) => 4 * Math.floor(second / 300));
  expect(judgeGrowth(steps, ALLOWANCE)).toMatchObject({ isGrowing: true });
});

test('a leak below what is allowed is not', () => {
  const leak = (random: () => number) => (second: number) => (second / 60) * 0.1 + random();
  expect(foundOf(HOUR_S, leak)).toBe(0);
});

test('the growth of a straight line is told to the last digit, over the stretch that is judged', () => {
  const { growth, growthAtLeast, level, allowed } = judgeGrowth(
    series(HOUR_S, (second) => second / 60),
    { floor: 6, share: 0.1 },
  );
  expect(growth).toBeCloseTo(47.5, 1); // 50 minutes, from the middle of its first twentieth to that of its last
  expect(growthAtLeast).toBeCloseTo(growth, 6);
  expect(level).toBeCloseTo(135, 1);
  expect(allowed).toBeCloseTo(13.5, 1);
});

test('less is no growth, however much less', () => {
  expect(
    judgeGrowth(
      series(HOUR_S, (second) => -second / 60),
      { floor: 0 },
    ).isGrowing,
  ).toBe(false);
});

test('too few points are an error, not a verdict', () => {
  expect(() =>
    judgeGrowth(
      series(25, () => 0),
      ALLOWANCE,
    ),
  ).toThrow('17 points after the warm-up; 20 are needed');
});
