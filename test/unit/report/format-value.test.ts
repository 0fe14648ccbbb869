import { expect, test } from 'vitest';
import { formatTick, formatTicks, formatTime, formatValue } from '../../../src/core/report/format-value.js';

test.each([
  [null, 'B', '–'],
  [0, 'B/s', '0 B/s'],
  [1_679_360, 'B', '1.679 MB'],
  [9_999, 'fault/s', '9999 fault/s'],
  [12_345, 'fault/s', '12.35k fault/s'],
  [12.5, '%', '12.5 %'],
  [123_456.7, '%', '123500 %'],
  [0.000_012, 's', '1.20e-5 s'],
  [5, '', '5'],
  [25_000, '', '25k'],
  [-20_000, 'B', '-20 kB'],
])('%s of "%s" is %s', (value, unit, text) => {
  expect(formatValue(value, unit)).toBe(text);
});

test('ticks of an axis have as many digits as tell them apart', () => {
  expect(formatTicks([20.24e9, 20.245e9, 20.25e9], 'B')).toEqual(['20.24G', '20.245G', '20.25G']);
  expect(formatTicks([0, 0.1, 0.2, 0.30000000000000004], '1')).toEqual(['0', '0.1', '0.2', '0.3']);
  expect(formatTicks([0, 5e6, 1e7], 'B/s')).toEqual(['0', '5M', '10M']);
  expect(formatTicks([1_795_864_990, 1_795_864_992], 's')).toEqual(['1795864990', '1795864992']);
  expect(formatTicks([], 's')).toEqual([]);
});

test('an axis has the same without the unit', () => {
  expect([1.5e6, 0.25, 100].map((value) => formatTick(value, 'B'))).toEqual(['1.5M', '0.25', '100']);
});

test.each([
  [0, '0 s'],
  [12.3456, '12.346 s'],
  [-0.5, '−0.5 s'],
  [187, '3:07'],
  [3723.25, '1:02:03.25'],
])('%s seconds are %s', (seconds, text) => {
  expect(formatTime(seconds)).toBe(text);
});
