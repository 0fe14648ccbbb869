import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseJson, printJson } from '../../../src/core/json/exact-json.js';

const narrow = (value: bigint) => (Number.isSafeInteger(Number(value)) ? Number(value) : value);

test('an integer of 19 digits passes through to the last digit', () => {
  const text = '{\n  "t_wall_ns": 1795458771000250017\n}\n';
  expect(parseJson(text)).toEqual({ t_wall_ns: 1795458771000250017n });
  expect(printJson(parseJson(text))).toBe(text);
});

test('integers of any width come back as they were, bigint where a number would round', () => {
  const wide = fc.oneof(
    fc.bigInt({ min: -(10n ** 22n), max: 10n ** 22n }),
    fc.constantFrom(2n ** 53n, 2n ** 53n - 1n, -(2n ** 53n)),
  );
  fc.assert(
    fc.property(wide, (value) => {
      expect(parseJson(printJson({ list: [value] }))).toEqual({ list: [narrow(value)] });
    }),
  );
});

test('any other document comes back as JSON itself would bring it', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (document) => {
      const expected = JSON.parse(JSON.stringify(document));
      expect(parseJson(printJson(document))).toEqual(narrowed(expected));
    }),
  );
});

/** A whole number beyond 2^53 is printed as digits or with an exponent; digits come back as bigint. */
function narrowed(value: unknown): unknown {
  if (typeof value === 'number')
    return Number.isInteger(value) && !/e/.test(String(value)) ? narrow(BigInt(String(value))) : value;
  if (Array.isArray(value)) return value.map(narrowed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, narrowed(item)]));
}

test('a fraction and an exponent stay numbers, however large', () => {
  expect(parseJson('[0.5, 1e300, 1.7e18, -1E-5]')).toEqual([0.5, 1e300, 1.7e18, -1e-5]);
});

test('it prints what JSON.stringify prints with two spaces, and a line feed', () => {
  const document = { a: [1, { b: null }], c: 'ü', d: {}, e: [], f: undefined };
  expect(printJson(document)).toBe(`${JSON.stringify(document, undefined, 2)}\n`);
});

test.each(['', '{', '{"a":}', '[1,]', 'nul', '{"a":1} x', "{'a':1}", '01', '"\u0001"', '{"a":1,"a":2}'])(
  '%j is a SyntaxError',
  (text) => {
    expect(() => parseJson(text)).toThrow(SyntaxError);
  },
);

test('a key named __proto__ is a key', () => {
  const document = parseJson('{"__proto__": {"admin": true}}') as Record<string, unknown>;
  expect(Object.keys(document)).toEqual(['__proto__']);
  expect(document.admin).toBeUndefined();
});
