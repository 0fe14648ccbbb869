import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkDefinition } from '../../../src/core/contract/check-definition.js';
import { SOUND, withArray, withField, withItem } from '../support/definition.js';

const cycle: Record<string, unknown> = {};
cycle.self = cycle;

const anything = fc.oneof(
  fc.anything({ withBigInt: true, withNullPrototype: true, withSparseArray: true, withDate: true, withMap: true }),
  fc.constantFrom<unknown>(1n, cycle, Symbol('x'), Object.create(null), { toString: null }, () => 1, Number.NaN),
);

const isSentences = (problems: readonly string[]) =>
  problems.every((problem) => typeof problem === 'string' && problem !== '');

test('whatever a plugin exports, the answer is sentences', () => {
  fc.assert(fc.property(anything, (value) => isSentences(checkDefinition(value))));
});

test('whatever stands in one place of a definition, the answer is sentences', () => {
  const place = fc.constantFrom(...Object.keys(SOUND));
  fc.assert(fc.property(place, anything, (key, value) => isSentences(checkDefinition({ ...SOUND, [key]: value }))));
});

test('whatever stands in one place of a field, the answer is sentences', () => {
  const place = fc.constantFrom(
    'type',
    'unit',
    'kind',
    'reset',
    'description',
    'availableInDeployment',
    'minimum',
    'items',
  );
  fc.assert(
    fc.property(place, anything, (key, value) => {
      return [withField, withItem].every((put) => isSentences(checkDefinition(put('x', { [key]: value }))));
    }),
  );
});

test.each([
  ['a bigint for a name', { ...SOUND, name: 1n }],
  ['a cycle for a kind', { ...SOUND, kind: cycle }],
  ['a version without a prototype', { ...SOUND, apiVersion: Object.create(null) }],
  ['a bigint for a unit', withField('x', { unit: 1n })],
  ['a bigint for items', withArray({ items: { x: 1n } })],
])('%s is told, not thrown', (_, definition) => {
  expect(checkDefinition(definition)).not.toEqual([]);
});
