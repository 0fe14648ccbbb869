import fc from 'fast-check';
import { expect, test } from 'vitest';
import { areaUnderCurve } from '../../../../../src/core/dataset/audit/measure/area-under-curve.js';
import { type Holder, single } from '../../../../../src/core/dataset/audit/measure/holder.js';
import { mutualInformation } from '../../../../../src/core/dataset/audit/measure/mutual-information.js';
import { permutations } from '../../../../../src/core/dataset/audit/measure/permutations.js';
import { scoreOf } from '../../../../../src/core/dataset/audit/measure/score.js';

const holder = <Value>(label: number, value: Value, classes = 2): Holder<Value> => ({
  labels: Array.from({ length: classes }, (_, other) => Number(other === label)),
  values: single(value),
});

test('what settles the label removes all that is uncertain, what has nothing to do with it removes nothing', () => {
  const holders = [0, 0, 1, 1];
  expect(mutualInformation(holders.map((label) => holder(label, `v${label}`)))()).toBeCloseTo(1, 12);
  expect(mutualInformation(holders.map((label, i) => holder(label, `v${i % 2}`)))()).toBeCloseTo(0, 12);
});

test('a host of which nine in ten have one label removes half of what is uncertain', () => {
  const holders = Array.from({ length: 20 }, (_, i) =>
    holder(i < 10 ? 0 : 1, i % 10 === 0 ? (i < 10 ? 'b' : 'a') : i < 10 ? 'a' : 'b'),
  );
  expect(mutualInformation(holders)()).toBeCloseTo(1 + 0.9 * Math.log2(0.9) + 0.1 * Math.log2(0.1), 10);
});

test('a holder of two labels counts for both', () => {
  const both = { labels: [1, 1], values: single('a') };
  expect(mutualInformation([both, both])()).toBe(0);
  expect(mutualInformation([both, holder(0, 'b')])()).toBeCloseTo(0.2516 / 0.9183, 3);
});

test('mutual information stays between 0 and 1, and a finer view of the same never tells less', () => {
  const list = fc.array(fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 7 })), {
    minLength: 1,
    maxLength: 40,
  });
  fc.assert(
    fc.property(list, (pairs) => {
      const told = (of: (value: number) => string) =>
        mutualInformation(pairs.map(([label, value]) => holder(label, of(value), 3)))();
      const [fine, coarse] = [told(String), told((value) => String(value >> 1))];
      expect(coarse).toBeGreaterThanOrEqual(0);
      expect(fine).toBeLessThanOrEqual(1);
      expect(fine).toBeGreaterThanOrEqual(coarse - 1e-9);
    }),
  );
});

test('the area under the curve is how often the one of the class has the larger value', () => {
  const entry = fc.record({
    label: fc.integer({ min: 0, max: 2 }),
    values: fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 4 }),
  });
  fc.assert(
    fc.property(fc.array(entry, { minLength: 1, maxLength: 12 }), (entries) => {
      const holders = entries.map(({ label, values }) => ({
        labels: [0, 1, 2].map((other) => Number(other === label)),
        values: values.map((value) => ({ value, weight: 1 / values.length })),
      }));
      const { auc } = areaUnderCurve(holders)();
      expect(auc).toBeCloseTo(Math.max(0.5, ...[0, 1, 2].map((label) => slowArea(holders, label))), 9);
    }),
  );
});

/** By comparing each with each. */
function slowArea(holders: readonly Holder<number>[], label: number): number {
  const all = holders.flatMap(({ labels, values }) =>
    values.map(({ value, weight }) => ({ is: labels[label] === 1, value, weight })),
  );
  let [area, whole] = [0, 0];
  for (const a of all)
    for (const b of all)
      if (a.is && !b.is) {
        whole += a.weight * b.weight;
        area += a.weight * b.weight * (a.value > b.value ? 1 : a.value === b.value ? 0.5 : 0);
      }
  return whole === 0 ? 0.5 : Math.max(area / whole, 1 - area / whole);
}

test('of values that none shares all is chance, however much they seem to tell', () => {
  const holders = Array.from({ length: 20 }, (_, i) => holder(i % 2, `v${i}`));
  expect(scoreOf(mutualInformation(holders), 20)).toMatchObject({ corrected: 0, p: 1 });
});

test('certainty stays certainty, and five of each are enough to be sure of it; four are not', () => {
  const of = (n: number) => Array.from({ length: n }, (_, i) => holder(i % 2, `v${i % 2}`));
  const [ten, eight] = [10, 8].map((n) => scoreOf(mutualInformation(of(n)), n));
  expect(ten!.corrected).toBeCloseTo(1, 9);
  expect(ten!.p).toBeLessThanOrEqual(0.02);
  expect(eight!.p).toBeGreaterThan(0.02);
});

test('what is dealt out at random scores near nothing on average', () => {
  const scores = Array.from({ length: 40 }, (_, seed) => {
    const holders = Array.from({ length: 30 }, (_, i) =>
      holder((i * 7 + seed) % 2, `v${(i * i * 31 + seed * 17 + i * seed) % 5}`),
    );
    return scoreOf(mutualInformation(holders), 30).corrected;
  });
  expect(scores.reduce((a, b) => a + b) / scores.length).toBeLessThan(0.08);
});

test('an order is of each holder once, and the same orders come each time', () => {
  const orders = () => {
    const seen: string[] = [];
    for (const order of permutations(7)) seen.push([...order].join());
    return seen;
  };
  for (const order of orders()) expect(order.split(',').sort().join('')).toBe('0123456');
  expect(orders()).toEqual(orders());
  expect(new Set(orders()).size).toBeGreaterThan(500);
});
