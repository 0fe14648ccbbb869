import { expect, test } from 'vitest';
import { RowTimes } from '../../../src/core/validation/row-times.js';

const ORIGIN = 1_795_458_771_999_999_999n;
const line = (mono: bigint, wall = ORIGIN + mono) => `{"t_mono_ns":${mono},"t_wall_ns":${wall},"source":"a"}`;

test('times that agree to the nanosecond, and never decrease, are right', () => {
  const times = new RowTimes(ORIGIN);
  for (const mono of [0n, 1n, 1n, 5_000_000_000n]) expect(times.check(line(mono))).toBe(null);
});

test.each([
  ['a nanosecond off', line(5n, ORIGIN + 6n), /t_wall_ns is .*, which is not the origin/],
  ['before the row in front', line(-1n), /before the row in front of it \(0\)/],
  ['behind the end', line(101n), /t_mono_ns is 101, which is behind the end/],
  ['no plain integers', '{"t_mono_ns":1e3,"t_wall_ns":1}', /plain integers/],
])('%s is told', (_what, text, words) => {
  const times = new RowTimes(ORIGIN, 100);
  expect(times.check(line(0n))).toBe(null);
  expect(times.check(text)).toMatch(words);
});
