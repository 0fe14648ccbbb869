import { describe, expect, test } from 'vitest';
import { RowError } from '../../../src/core/rows/row-encoder.js';
import { GOOD, TABLE } from '../support/fields-table.js';
import { compileEncoder } from '../support/row-harness.js';

const encode = compileEncoder(TABLE);
const cycle: unknown[] = [];
cycle.push(cycle);

function refusal(row: unknown): RowError {
  try {
    encode(row);
  } catch (error) {
    if (error instanceof RowError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

const { count: _count, ...withoutCount } = GOOD;

describe('refuses, naming the key,', () => {
  test.each<[string, string, unknown]>([
    ['a missing key', 'count', withoutCount],
    ['undefined', 'count', { ...GOOD, count: undefined }],
    ['an extra key', 'extra', { ...GOOD, extra: 1 }],
    ['NaN', 'free', { ...GOOD, free: Number.NaN }],
    ['Infinity', 'free', { ...GOOD, free: Number.POSITIVE_INFINITY }],
    ['minus Infinity', 'free', { ...GOOD, free: Number.NEGATIVE_INFINITY }],
    ['a number that was rounded', 'signed', { ...GOOD, signed: 2 ** 53 }],
    ['a fraction in an integer field', 'signed', { ...GOOD, signed: 1.5 }],
    ['a bigint in a number field', 'free', { ...GOOD, free: 1n }],
    ['a string in an integer field', 'signed', { ...GOOD, signed: '1' }],
    ['a number in a string field', 'word', { ...GOOD, word: 1 }],
    ['a number in a boolean field', 'flag', { ...GOOD, flag: 1 }],
    ['a boolean in a number field', 'ratio', { ...GOOD, ratio: true }],
    ['an object in a string field', 'word', { ...GOOD, word: { toString: () => 'word' } }],
    ['a boxed string', 'word', { ...GOOD, word: new String('word') }],
    ['a symbol', 'word', { ...GOOD, word: Symbol('word') }],
    ['a string that is too long', 'word', { ...GOOD, word: 'nine char' }],
    ['a word that is not in the enum', 'mode', { ...GOOD, mode: 'ON' }],
    ['a number below the minimum', 'level', { ...GOOD, level: -6 }],
    ['a bigint below the minimum', 'level', { ...GOOD, level: -6n }],
    ['a counter below zero', 'count', { ...GOOD, count: -1 }],
    ['a number above the maximum', 'ratio', { ...GOOD, ratio: 1.000001 }],
    ['a bigint above the maximum', 'level', { ...GOOD, level: 10n ** 15n + 1n }],
    ['null where it is not allowed', 'level', { ...GOOD, level: null }],
    ['null for a boolean', 'flag', { ...GOOD, flag: null }],
    ['an array that is too long', 'cpus', { ...GOOD, cpus: Array(4).fill({ cpu: 0, name: null }) }],
    ['an object in the place of an array', 'cpus', { ...GOOD, cpus: { length: 0 } }],
    ['a string in the place of an array', 'cpus', { ...GOOD, cpus: 'ab' }],
    ['an array with a hole', 'cpus', { ...GOOD, cpus: new Array(1) }],
    ['a record that is null', 'cpus', { ...GOOD, cpus: [null] }],
    ['a record with a missing key', 'cpus[].name', { ...GOOD, cpus: [{ cpu: 0 }] }],
    ['a record with an extra key', 'cpus[].extra', { ...GOOD, cpus: [{ cpu: 0, name: null, extra: 1 }] }],
    ['a wrong value in the second record', 'cpus[].cpu', { ...GOOD, cpus: [GOOD.cpus[0], { cpu: -1, name: null }] }],
    ['a cycle in an array', 'cpus[].cpu', { ...GOOD, cpus: cycle }],
    ['a cycle in a field', 'signed', { ...GOOD, signed: cycle }],
  ])('%s', (_, key, row) => {
    const error = refusal(row);
    expect(error.key).toBe(key);
    expect(error.message).toMatch(new RegExp(`^${key.replace('[]', '\\[\\]')}: `));
  });
});

test.each([[null], [undefined], [[]], ['row'], [7], [() => GOOD]])('a row is an object, not %s', (row) => {
  expect(refusal(row).message).toMatch(/^a row is an object, not /);
});

test('the message says what would have been right', () => {
  expect(refusal({ ...GOOD, level: 2 ** 60 }).message).toContain('give a bigint');
  expect(refusal({ ...GOOD, ratio: 2 }).message).toBe('ratio: a finite number from 0 to 1, not 2');
  expect(refusal({ ...GOOD, mode: 'up' }).message).toBe('mode: one of on, off, "quoted" or null, not "up"');
});

test('a refusal of a bigint of more than 64 bits says so', () => {
  expect(refusal({ ...GOOD, count: 2n ** 64n }).message).toContain('64');
});

test('the message of a huge value is short', () => {
  expect(refusal({ ...GOOD, word: 'x'.repeat(1e6) }).message.length).toBeLessThan(200);
});
