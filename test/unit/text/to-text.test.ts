import { expect, test } from 'vitest';
import { toText } from '../../../src/core/text/to-text.js';

const cycle: Record<string, unknown> = {};
cycle.itself = cycle;

test.each<[string, unknown, string]>([
  ['a text', 'a "text"', 'a "text"'],
  ['a long integer', 2n ** 63n, '9223372036854775808'],
  ['nothing', null, 'null'],
  ['what is not there', undefined, 'undefined'],
  ['a list', ['a', 1n], '["a",1]'],
  ['what is neither text nor number', { toString: null, valueOf: null }, '{"toString":null,"valueOf":null}'],
  ['an object of no class', Object.create(null), '{}'],
  ['a cycle', cycle, 'a value of type object'],
  ['a symbol', Symbol('s'), 'Symbol(s)'],
])('%s has a text', (_what, value, text) => {
  expect(toText(value)).toBe(text);
});
