import { expect, test } from 'vitest';
import { RowKeys } from '../../../src/core/rows/row-keys.js';

const field = { type: 'integer', unit: '1', kind: 'info', description: 'A number.' } as const;
const CARDS = { card: { ...field, key: true }, lane: { ...field, key: true }, load: field } as const;

test('rows of one tick are told apart by all of their keys', () => {
  const keys = new RowKeys(CARDS);
  keys.begin();
  expect(keys.problemOf({ card: 0, lane: 0, load: 1 })).toBe(null);
  expect(keys.problemOf({ card: 0, lane: 1n, load: 1 })).toBe(null);
  expect(keys.problemOf({ card: 0, lane: 1, load: 2 })).toBe('two rows of this tick have card, lane 0, 1');
});

test('the next tick has its own', () => {
  const keys = new RowKeys(CARDS);
  for (let tick = 0; tick < 2; tick++) {
    keys.begin();
    expect(keys.problemOf({ card: 0, lane: 0 })).toBe(null);
  }
});

test('without a key there is one row a tick, whatever it is', () => {
  const keys = new RowKeys({ load: field });
  keys.begin();
  expect(keys.problemOf(null)).toBe(null);
  expect(keys.problemOf({ load: 1 })).toMatch(/need a field with "key: true"/);
});

test('a tick without end costs no memory without end', () => {
  const keys = new RowKeys(CARDS);
  keys.begin();
  for (let card = 0; card < 100_000; card++) keys.problemOf({ card, lane: 0 });
  expect(keys.problemOf({ card: 100_000, lane: 0 })).toBe('a tick has more than 100000 rows');
});

test('long keys are told apart by all of their length', () => {
  const keys = new RowKeys({ name: { ...field, key: true } });
  keys.begin();
  const name = 'x'.repeat(1000);
  expect(keys.problemOf({ name: `${name}a` })).toBe(null);
  expect(keys.problemOf({ name: `${name}b` })).toBe(null);
  expect(keys.problemOf({ name: `${name}a` })).toMatch(/two rows of this tick/);
});
