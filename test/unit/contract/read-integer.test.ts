import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  integerAfter,
  integerAt,
  plusExactly,
  readInteger,
  timesExactly,
} from '../../../src/core/contract/read-integer.js';

const wide = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 64n }),
  fc.nat().map(BigInt),
  fc.constantFrom(0n, 10n ** 15n, 2n ** 53n - 1n, 2n ** 53n),
);
const padding = fc.stringMatching(/^[ \t]{0,4}$/);
const zeros = fc.stringMatching(/^0{0,4}$/);
const tail = fc.constantFrom('', ' ', '\n', ' kB', '.5', 'x', ':', '/');
const count = wide.map(narrow);

/** A number where that is exact, as the functions promise. */
function narrow(value: bigint): number | bigint {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) && value >= BigInt(Number.MIN_SAFE_INTEGER) ? Number(value) : value;
}

test('an integer of any width is read exactly, as a number if that is safe, else as a bigint', () => {
  fc.assert(
    fc.property(wide, padding, zeros, tail, (value, before, leading, after) => {
      const text = `>${before}${leading}${value}${after}`;
      const bytes = Buffer.from(`${text}77`);
      expect(readInteger(bytes, 1, text.length)).toBe(narrow(value));
      expect(integerAt(text, 1)).toBe(narrow(value));
      expect(integerAfter(text, '>')).toBe(narrow(value));
    }),
    { numRuns: 1000 },
  );
});

test('it reads no digit behind the end', () => {
  expect(readInteger(Buffer.from('123456'), 0, 3)).toBe(123);
  expect(readInteger(Buffer.from('  7'), 0, 2)).toBeNull();
  expect(readInteger(Buffer.from('7'), 1, 1)).toBeNull();
});

test('an end beyond the bytes is their end', () => {
  expect(readInteger(Buffer.from('12'), 0, 9)).toBe(12);
  expect(readInteger(Buffer.from(''), 0, 9)).toBeNull();
});

test.each(['', ' ', 'x', '-1', '+1', '.5', '\n1', '/', ':'])('%j holds no unsigned integer', (text) => {
  expect(readInteger(Buffer.from(text), 0, text.length)).toBeNull();
  expect(integerAt(text, 0)).toBeNull();
});

test('a label that is missing gives null; the first of several counts; a search may begin later', () => {
  expect(integerAfter('MemFree: 1', 'MemTotal:')).toBeNull();
  expect(integerAfter('a 1 a 2', 'a')).toBe(1);
  expect(integerAfter('a 1 a 2', 'a', 1)).toBe(2);
});

test('a product is exact', () => {
  const factor = fc.constantFrom(0, 1, 512, 1024, 4096, 65536);
  fc.assert(fc.property(count, factor, (value, by) => BigInt(timesExactly(value, by)) === BigInt(value) * BigInt(by)));
});

test('a sum is exact', () => {
  fc.assert(fc.property(count, count, (a, b) => BigInt(plusExactly(a, b) ?? -1) === BigInt(a) + BigInt(b)));
});

test('null adds nothing, and nothing added is null', () => {
  expect([plusExactly(null, 5), plusExactly(5, null), plusExactly(2n ** 60n, null), plusExactly(null, null)]).toEqual([
    5,
    5,
    2n ** 60n,
    null,
  ]);
});
