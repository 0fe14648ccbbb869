import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalRow } from '../../../src/core/rows/canonical-row.js';
import { compileRowEncoder } from '../../../src/core/rows/row-encoder.js';
import { rowSchema, SCHEMA_KEYWORDS } from '../../../src/core/rows/row-schema.js';
import hostProc from '../../../src/plugins/host-proc/index.js';

const schema = rowSchema(hostProc, 'tick');
const pattern = canonicalRow(schema, 'host_proc', false)!;
const validate = new Ajv2020({ allowUnionTypes: true, keywords: SCHEMA_KEYWORDS }).compile(schema);
const encode = compileRowEncoder({
  fields: hostProc.fields,
  envelope: 'tick',
  source: 'host_proc',
  availableInDeployment: false,
});
const names = Object.keys(hostProc.fields);

const count = fc.oneof(fc.nat(), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }));
const row = fc
  .tuple(...names.map((name) => (name.startsWith('io_') || name.includes('ctxsw') ? fc.option(count) : count)))
  .map((values) => Object.fromEntries(names.map((name, i) => [name, values[i]])));

test('a row as it is printed matches, and its times and tick are captured', () => {
  fc.assert(
    fc.property(row, fc.nat(), fc.nat(), (values, mono, tick) => {
      const match = pattern.exec(encode(values, mono, 1_795_461_636_136_641_880n, tick, 0).trimEnd());
      expect(match?.slice(1)).toEqual([String(mono), '1795461636136641880', String(tick)]);
    }),
  );
});

test('whatever matches is valid: one changed character never makes a match of what the schema refuses', () => {
  fc.assert(
    fc.property(
      row,
      fc.nat(),
      fc.constantFrom(...'0123456789-+.eE{}[]":,ntrufalse \\'),
      fc.boolean(),
      (values, place, character, isInsert) => {
        const line = encode(values, 1, 1_795_461_636_136_641_880n, 0, 0).trimEnd();
        const at = place % line.length;
        const changed = line.slice(0, at) + character + line.slice(at + (isInsert ? 0 : 1));
        if (!pattern.test(changed)) return;
        expect(validate(JSON.parse(changed))).toBe(true);
      },
    ),
    { numRuns: 5000 },
  );
});

test('as many records as are allowed match, and one more does not', () => {
  const list = {
    type: 'array',
    description: 'x',
    maxItems: 3,
    items: { a: { type: 'integer', unit: '1', kind: 'gauge', description: 'x' } },
  } as const;
  const few = canonicalRow(rowSchema({ name: 'a', rowVersion: 1, summary: 'a', fields: { list } }, 'seq'), 'a', true)!;
  const line = (count: number) =>
    `{"t_mono_ns":1,"t_wall_ns":1795461636136641880,"source":"a","available_in_deployment":true,"seq":0,"list":[${Array(count).fill('{"a":1}')}]}`;
  expect([0, 1, 3, 4].map((count) => few.test(line(count)))).toEqual([true, true, true, false]);
});

const own = (field: object) => ({
  type: 'object',
  properties: { t_mono_ns: { type: 'integer' }, own: field },
  required: ['t_mono_ns', 'own'],
});

test.each([
  ['a least value other than 0', { type: 'integer', minimum: 1 }],
  ['a largest value', { type: 'integer', maximum: 9 }],
  ['words to choose from', { type: 'string', enum: ['a'] }],
  ['a least length', { type: 'string', minLength: 1 }],
  ['a length beyond 2^53', { type: 'string', maxLength: 2n ** 64n }],
  ['arrays of anything', { type: 'array' }],
  ['arrays of numbers', { type: 'array', items: { type: 'integer' } }],
  ['arrays of records of which keys may lack', { type: 'array', items: { type: 'object', properties: { a: {} } } }],
  ['more records than can be counted', { type: 'array', maxItems: 2n ** 64n, items: { type: 'object' } }],
  ['no type', {}],
])('a schema with %s has no pattern: its rows are parsed', (_, field) => {
  expect(canonicalRow(own({ type: 'integer' }), 'a', true)).toBeInstanceOf(RegExp);
  expect(canonicalRow(own(field), 'a', true)).toBe(null);
});

test('a schema of more columns than any collector has has no pattern', () => {
  const properties = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`column_${i}`, { type: 'integer' }]));
  expect(canonicalRow({ type: 'object', properties, required: Object.keys(properties) }, 'a', true)).toBe(null);
});
