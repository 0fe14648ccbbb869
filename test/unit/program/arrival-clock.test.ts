import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ArrivalClock } from '../../../src/core/program/arrival-clock.js';

test('a late arrival does not move its stamp: the smallest delay so far counts', () => {
  const clock = new ArrivalClock();
  expect(clock.toMonotonic(100n, 1_107n)).toBe(1_107n);
  expect(clock.toMonotonic(200n, 1_203n)).toBe(1_203n);
  expect(clock.toMonotonic(300n, 1_399n)).toBe(1_303n);
});

test('times never decrease, whatever the delays are, and none is after its arrival', () => {
  const rows = fc.array(fc.record({ step: fc.bigInt(0n, 1000n), delay: fc.bigInt(0n, 5000n) }));
  fc.assert(
    fc.property(rows, (steps) => {
      const clock = new ArrivalClock();
      let [stamp, arrived, last] = [0n, 0n, 0n];
      for (const { step, delay } of steps) {
        stamp += step;
        if (stamp + 10_000n + delay > arrived) arrived = stamp + 10_000n + delay;
        const at = clock.toMonotonic(stamp, arrived);
        expect(at).toBeGreaterThanOrEqual(last);
        expect(at).toBeLessThanOrEqual(arrived);
        last = at;
      }
    }),
  );
});
