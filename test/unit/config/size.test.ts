import { expect, test } from 'vitest';
import { parseSize } from '../../../src/core/config/size.js';

test.each([
  ['0MiB', 0],
  ['1KiB', 1024],
  ['256MiB', 268_435_456],
  ['1.5GiB', 1_610_612_736],
  ['8388607GiB', 8_388_607 * 2 ** 30],
])('%s is %d bytes', (text, bytes) => {
  expect(parseSize(text)).toBe(bytes);
});

test.each([
  '',
  '256',
  'MiB',
  '256 MiB',
  '256M',
  '256MB',
  '256mib',
  '256MiB ',
  '256MiB\n',
  '-1MiB',
  '+1MiB',
  '1e3MiB',
  '0x10MiB',
  '.5MiB',
  '1,5MiB',
  '0.3KiB',
  '1TiB',
  '8388608GiB',
  `${'9'.repeat(400)}GiB`,
])('%j is no size', (text) => {
  expect(parseSize(text)).toBeNull();
});
