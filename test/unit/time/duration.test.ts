import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatDuration, parseDuration } from '../../../src/core/time/duration.js';

test.each([
  ['1ms', 1e6],
  ['100ms', 1e8],
  ['1.5s', 1.5e9],
  ['0.1s', 1e8],
  ['2m', 120e9],
  ['1h', 3600e9],
  ['0.000001ms', 1],
  ['2501h', 9_003_600e9],
])('%s is %d ns', (text, ns) => {
  expect(parseDuration(text)).toBe(ns);
});

test.each([
  '',
  '10',
  's',
  '10 s',
  ' 10s',
  '10s ',
  '10S',
  '10us',
  '10ns',
  '1d',
  '-1s',
  '+1s',
  '.5s',
  '5.s',
  '1e3s',
  '1,5s',
  '0x1s',
  '10s\n',
  '١s',
  'NaNs',
  'Infinitys',
])('%j is no duration', (text) => {
  expect(parseDuration(text)).toBeNull();
});

test.each(['0ms', '0s', '0.0h', '0.0000001ms'])('%s is too short to be one', (text) => {
  expect(parseDuration(text)).toBeNull();
});

test.each(['2502h', '9007199255s', `${'9'.repeat(400)}h`])('%s is too long to be exact in nanoseconds', (text) => {
  expect(parseDuration(text)).toBeNull();
});

test.each([
  [1e6, '1ms'],
  [1.5e6, '1.5ms'],
  [999e6, '999ms'],
  [1e9, '1s'],
  [1.5e9, '1.5s'],
  [60e9, '1m'],
  [90e9, '90s'],
  [3600e9, '1h'],
  [5400e9, '90m'],
])('%d ns is told as %s', (ns, text) => {
  expect(formatDuration(ns)).toBe(text);
});

test('what is told can be read back, to the nanosecond for a day', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 86_400e9 }), (ns) => parseDuration(formatDuration(ns)) === ns),
    { numRuns: 1000 },
  );
});
