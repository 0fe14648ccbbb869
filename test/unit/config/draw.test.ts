import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawInteger, drawOrder } from '../../../src/core/config/draw.js';

const named = (...names: string[]) => names.map((name) => ({ name }));
const orderOf = (seed: number, ...names: string[]) => drawOrder(seed, named(...names)).map(({ name }) => name);

// computed with Python's hashlib, as docs/data-model.md has it: these may never change
test.each([
  [0, 'settle', 500, 1500, 1417],
  [7, 'settle', 500, 1500, 512],
  [4294967295, 'settle', 500, 1500, 1458],
  [7, 'duration:baseline', 5000, 10_000, 6515],
  [7, 'duration:miner', 5000, 10_000, 5462],
  [42, 'duration:long', 1, 9_007_199_254, 2_145_736_395],
])('seed %d draws for "%s" from %d to %d: %d', (seed, what, min, max, value) => {
  expect(drawInteger(seed, what, min, max)).toBe(value);
});

test.each([
  [0, ['recovery', 'baseline', 'action']],
  [1, ['action', 'baseline', 'recovery']],
  [2, ['recovery', 'action', 'baseline']],
  [5, ['baseline', 'recovery', 'action']],
])('seed %d draws the order %j', (seed, order) => {
  expect(orderOf(seed, 'baseline', 'action', 'recovery')).toEqual(order);
});

const seed = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const what = fc.string({ maxLength: 20 });
const bound = fc.integer({ min: 0, max: 9_007_199_254 });

test('a draw lies within its range, and is the same each time', () => {
  fc.assert(
    fc.property(seed, what, bound, bound, (seed, what, a, b) => {
      const [min, max] = [Math.min(a, b), Math.max(a, b)];
      const value = drawInteger(seed, what, min, max);
      expect(Number.isInteger(value) && value >= min && value <= max).toBe(true);
      expect(drawInteger(seed, what, min, max)).toBe(value);
    }),
  );
});

test('both ends of a range occur, and each value about equally often', () => {
  const counts = [0, 0, 0, 0];
  for (let seed = 0; seed < 4000; seed++) counts[drawInteger(seed, 'x', 0, 3)]!++;
  // four standard deviations of a binomial of 4000 draws
  for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(110);
});

test('every order occurs, and each about equally often', () => {
  const counts = new Map<string, number>();
  for (let seed = 0; seed < 6000; seed++) {
    const order = orderOf(seed, 'a', 'b', 'c').join('');
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(6);
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(116);
});

test('the order that is drawn does not depend on the one that is given, and loses nobody', () => {
  const names = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 5 }), { maxLength: 8 });
  fc.assert(
    fc.property(seed, names, (seed, names) => {
      const drawn = orderOf(seed, ...names);
      expect(orderOf(seed, ...names.toReversed())).toEqual(drawn);
      expect(drawn.toSorted()).toEqual(names.toSorted());
    }),
  );
});
