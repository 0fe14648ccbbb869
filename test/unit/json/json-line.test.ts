import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonLine } from '../../../src/core/json/json-line.js';

test('a record is one line, with its keys in their order and bigints to the last digit', () => {
  const line = jsonLine({ t_wall_ns: 1795458771000250017n, event: 'signal', ok: true, n: -0.5, none: null });
  expect(line).toBe('{"t_wall_ns":1795458771000250017,"event":"signal","ok":true,"n":-0.5,"none":null}\n');
});

test('members that are undefined are left out', () => {
  expect(jsonLine({ a: undefined, b: 1 })).toBe('{"b":1}\n');
  expect(jsonLine({})).toBe('{}\n');
});

test('any flat record comes out as one line of printable ASCII, and is read back', () => {
  const text = fc.string({ unit: 'binary' });
  const value = fc.oneof(text, fc.maxSafeInteger(), fc.boolean(), fc.constant(null));
  fc.assert(
    fc.property(fc.dictionary(text, value), (record) => {
      const line = jsonLine(record);
      expect(line).toMatch(/^[\x20-\x7e]*\n$/);
      expect(JSON.parse(line)).toEqual({ ...record });
    }),
  );
});

test.each([
  ['a function', () => 1],
  ['a symbol', Symbol('x')],
  ['NaN', Number.NaN],
  ['a list with a bigint', [1n]],
])('%s never makes a line that is no JSON', (_, value) => {
  expect(() => JSON.parse(jsonLine({ a: 1, value }))).not.toThrow();
});
