import { expect, test } from 'vitest';
import { rowTime } from '../../../src/core/collection/row-time.js';
import type { EmitTime } from '../../../src/index.js';

const SECOND = 1_000_000_000n;
const CLOCKS = { originMonoNs: 100n * SECOND, originWallNs: 1_795_458_771_000_000_000n, nowNs: 110n * SECOND };
const at = (time: unknown, clock: unknown = 'monotonic') => rowTime({ at: time, clock } as EmitTime, CLOCKS);

test('without a time of its own a row is timed on its arrival', () => {
  expect(rowTime(undefined, CLOCKS)).toBe(10n * SECOND);
});

test('either clock is taken to the nanosecond', () => {
  expect(at(105n * SECOND + 1n)).toBe(5n * SECOND + 1n);
  expect(at(CLOCKS.originWallNs + 5n * SECOND + 1n, 'realtime')).toBe(5n * SECOND + 1n);
});

test('a row of before the origin is negative, if it comes soon enough to be one', () => {
  const soon = { ...CLOCKS, nowNs: 100n * SECOND + 5n };
  expect(rowTime({ at: 99n * SECOND, clock: 'monotonic' }, soon)).toBe(-SECOND);
});

test.each([
  ['a wall clock for a monotonic one', CLOCKS.originWallNs, 'monotonic', /ahead of its arrival/],
  ['an hour ahead', 3_700n * SECOND, 'monotonic', /ahead of its arrival/],
  ['seconds for nanoseconds', 105n, 'monotonic', /before the origin/],
  ['milliseconds for nanoseconds', 1_795_458_771_000n, 'realtime', /before the origin.*CLOCK_REALTIME/],
  ['a number', 5, 'monotonic', /is a number; it must be a bigint/],
  ['another clock', 105n * SECOND, 'boottime', /clock is "boottime"/],
])('%s is told', (_what, time, clock, words) => {
  expect(() => at(time, clock)).toThrow(words);
});
