import { expect, test } from 'vitest';
import { countError } from '../../../src/core/collection/count-error.js';

test('errors are counted by their code, however many and long those are', () => {
  const errors: Record<string, number> = {};
  for (let i = 0; i < 1_000; i++) countError(errors, `E${i}`);
  for (const count of [1, 2]) countError(errors, 'E7', count);
  countError(errors, 'x'.repeat(1_000));
  expect(Object.keys(errors)).toHaveLength(65);
  expect([errors.E7, errors.many_codes]).toEqual([4, 1_000 - 64 + 1]);
  expect(Object.keys(countedOnce('y'.repeat(1_000)))).toEqual(['y'.repeat(64)]);
});

function countedOnce(code: string): Record<string, number> {
  const errors: Record<string, number> = {};
  countError(errors, code);
  return errors;
}
