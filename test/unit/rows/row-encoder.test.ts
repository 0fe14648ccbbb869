import { expect, test } from 'vitest';
import { compileRowEncoder } from '../../../src/core/rows/row-encoder.js';
import { GOOD, TABLE } from '../support/fields-table.js';
import { compileEncoder, compileSchema, ENVELOPE } from '../support/row-harness.js';

const encode = compileEncoder(TABLE);
const validate = compileSchema(TABLE);

test('a row comes out as one line with the columns in their order', () => {
  const line = encode(GOOD);
  expect(line.endsWith('}\n')).toBe(true);
  expect(line.indexOf('\n')).toBe(line.length - 1);
  expect(Object.keys(JSON.parse(line))).toEqual([...Object.keys(ENVELOPE), ...Object.keys(TABLE)]);
});

test('what it prints validates', () => {
  expect(validate(JSON.parse(encode(GOOD)))).toBe(true);
});

test('a wall time of 19 digits and a 64-bit counter are printed to the last digit', () => {
  const exact = compileRowEncoder({ fields: TABLE, envelope: 'tick', source: 's', availableInDeployment: true });
  const line = exact(GOOD, -42, 1795458771000250017n, 7, 2);
  const head =
    '{"t_mono_ns":-42,"t_wall_ns":1795458771000250017,"source":"s","available_in_deployment":true,"tick":7,"epoch":2,';
  expect(line.startsWith(head)).toBe(true);
  expect(line).toContain('"count":18446744073709551615,');
});

test('a row of a stream carries seq, and no epoch', () => {
  const stream = compileRowEncoder({
    fields: { a: TABLE.flag },
    envelope: 'seq',
    source: 's',
    availableInDeployment: true,
  });
  const line = stream({ a: true }, 1, 2n, 3, 0);
  expect(line).toBe('{"t_mono_ns":1,"t_wall_ns":2,"source":"s","available_in_deployment":true,"seq":3,"a":true}\n');
  expect(compileSchema({ a: TABLE.flag }, 'seq')(JSON.parse(line))).toBe(true);
});

test.each([
  ['minus zero', { signed: -0, free: -0 }, { signed: 0, free: 0 }],
  ['null where it is allowed', { count: null, mode: null, cpus: null }, { count: null, mode: null, cpus: null }],
  ['the bounds themselves', { level: -5, ratio: 1 }, { level: -5, ratio: 1 }],
  ['an empty array', { cpus: [] }, { cpus: [] }],
  ['the largest safe integers', { signed: Number.MIN_SAFE_INTEGER }, { signed: Number.MIN_SAFE_INTEGER }],
  ['a bigint that is small', { level: 3n, count: 0n }, { level: 3, count: 0 }],
  ['a tiny number', { free: 5e-324 }, { free: 5e-324 }],
  ['a huge number', { free: 1.7e308 }, { free: 1.7e308 }],
  ['quotes in an enum', { mode: '"quoted"' }, { mode: '"quoted"' }],
])('accepts %s', (_, change, expected) => {
  const printed = JSON.parse(encode({ ...GOOD, ...change }));
  expect(printed).toMatchObject(expected);
  expect(validate(printed)).toBe(true);
});

test('the smallest and the largest 64-bit integers are printed, what lies beyond is refused', () => {
  for (const value of [-(2n ** 63n), 2n ** 64n - 1n])
    expect(encode({ ...GOOD, signed: value })).toContain(`"signed":${value},`);
  for (const value of [-(2n ** 63n) - 1n, 2n ** 64n])
    expect(() => encode({ ...GOOD, signed: value })).toThrow(/^signed: /);
});

test('a row may be an instance of a class, or have no prototype', () => {
  const bare = Object.assign(Object.create(null), GOOD);
  const own = Object.assign(
    new (class Row {
      method() {}
    })(),
    GOOD,
  );
  expect([encode(bare), encode(own)]).toEqual([encode(GOOD), encode(GOOD)]);
});
