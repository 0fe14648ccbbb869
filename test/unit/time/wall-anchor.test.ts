import fc from 'fast-check';
import { expect, test } from 'vitest';
import { catchWallAnchor, type WallAnchor, wallTimeNs } from '../../../src/core/time/wall-anchor.js';
import { FakeClock, WALL_AT_ZERO_NS } from '../support/fake-clock.js';

const NS_PER_MS = 1_000_000n;

/** How far the anchor is from the truth. */
function distance({ monotonicNs, realtimeNs }: WallAnchor): number {
  return Math.abs(Number(WALL_AT_ZERO_NS + monotonicNs - realtimeNs));
}

test('it finds the edge of a millisecond, to the time that a few readings take', () => {
  const anchor = catchWallAnchor(new FakeClock(() => 100n));
  expect(anchor.realtimeNs % NS_PER_MS).toBe(0n);
  expect(anchor.errorNs).toBeLessThanOrEqual(300);
  expect(distance(anchor)).toBeLessThanOrEqual(anchor.errorNs);
});

test('the edge lies within the error told, however long each reading takes', () => {
  const delays = fc.array(
    fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 1, max: 999 }) }, fc.integer({ min: 1, max: 3e6 })),
    { minLength: 1, maxLength: 40 },
  );
  fc.assert(
    fc.property(delays, fc.bigInt({ min: 0n, max: NS_PER_MS }), (list, start) => {
      const clock = new FakeClock((reading) => BigInt(list[reading % list.length]!));
      clock.now = start;
      const anchor = catchWallAnchor(clock);
      expect(distance(anchor)).toBeLessThanOrEqual(anchor.errorNs);
    }),
    { numRuns: 500 },
  );
});

/** Readings take 100 ns; the one that passes an edge takes as much longer as `pauses` says, edge by edge. */
function interruptedAtEdges(pauses: readonly bigint[]): FakeClock {
  let edges = 0;
  return new FakeClock((_, now) => {
    const passesEdge = (WALL_AT_ZERO_NS + now + 100n) / NS_PER_MS > (WALL_AT_ZERO_NS + now) / NS_PER_MS;
    return 100n + (passesEdge ? (pauses[edges++] ?? 0n) : 0n);
  });
}

test('an attempt that was interrupted at the edge is repeated', () => {
  const anchor = catchWallAnchor(interruptedAtEdges([60_000n, 90_000n, 30_000n]));
  expect(anchor.errorNs).toBeLessThanOrEqual(10_000);
  expect(distance(anchor)).toBeLessThanOrEqual(anchor.errorNs);
});

test('where every attempt is interrupted it gives up after a few, and tells the error of the best', () => {
  const pauses = Array.from({ length: 1000 }, (_, i) => (i === 4 ? 40_000n : 400_000n));
  const anchor = catchWallAnchor(interruptedAtEdges(pauses));
  expect(anchor.errorNs).toBeGreaterThan(10_000);
  expect(anchor.errorNs).toBeLessThan(50_000);
  expect(distance(anchor)).toBeLessThanOrEqual(anchor.errorNs);
});

test('a wall time of 19 digits is exact', () => {
  const anchor = { monotonicNs: 123_456_789_012_345_677n, realtimeNs: 1_795_458_771_001_000_000n, errorNs: 1 };
  expect(wallTimeNs(anchor, 123_456_789_012_345_678n)).toBe(1_795_458_771_001_000_001n);
  expect(wallTimeNs(anchor, 123_456_789_012_345_676n)).toBe(1_795_458_771_000_999_999n);
});
