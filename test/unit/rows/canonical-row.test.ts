import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalRow } from '../../../src/core/rows/canonical-row.js';
import { compileRowEncoder } from '../../../src/core/rows/row-encoder.js';
import { rowSchema, SCHEMA_KEYWORDS } from '../../../src/core/rows/row-schema.js';
import hostProc from '../../../src/plugins/host-proc/index.js';
import system from '../../../src/plugins/system/index.js';

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

test('a schema with arrays, words or bounds has no pattern: its rows are parsed', () => {
  expect(canonicalRow(rowSchema(system, 'tick'), 'system', true)).toBe(null);
  const field = { type: 'integer', unit: '1', kind: 'gauge', description: 'x', minimum: 1 } as const;
  expect(
    canonicalRow(rowSchema({ name: 'a', rowVersion: 1, summary: 'a', fields: { field } }, 'tick'), 'a', true),
  ).toBe(null);
});
