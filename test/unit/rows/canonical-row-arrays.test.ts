import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalRow } from '../../../src/core/rows/canonical-row.js';
import { compileRowEncoder } from '../../../src/core/rows/row-encoder.js';
import { type Envelope, rowSchema, SCHEMA_KEYWORDS } from '../../../src/core/rows/row-schema.js';
import type { Field, Fields } from '../../../src/index.js';
import hostThreads from '../../../src/plugins/host-threads/index.js';
import syscalls from '../../../src/plugins/syscalls/index.js';
import system from '../../../src/plugins/system/index.js';

const WITH_ARRAYS = [
  ['system', system, 'tick'],
  ['host_threads', hostThreads, 'tick'],
  ['syscalls', syscalls, 'seq'],
] as const;

test.each(WITH_ARRAYS)('rows of %s match unless a string of theirs is escaped', (source, collector, envelope) => {
  const of = compiled(source, collector, envelope);
  let matched = 0;
  fc.assert(
    fc.property(rowOf(collector.fields), (values) => {
      const line = of.lineOf(values);
      if (of.pattern.test(line)) matched++;
      else expect(line).toContain('\\');
    }),
  );
  expect(matched).toBeGreaterThan(10);
});

test.each(WITH_ARRAYS)(
  'one changed character never makes a match of a row of %s that its schema refuses',
  (...each) => {
    const of = compiled(...each);
    let matched = 0;
    fc.assert(
      fc.property(
        rowOf(each[1].fields),
        fc.nat(),
        fc.constantFrom(...'0123456789-+.eE{}[]":,ntrufalse \\\u0000\u00e9'),
        fc.boolean(),
        (values, place, character, isInsert) => {
          const line = of.lineOf(values);
          const at = place % line.length;
          const changed = line.slice(0, at) + character + line.slice(at + (isInsert ? 0 : 1));
          if (!of.pattern.test(changed)) return;
          matched++;
          expect(of.validate(JSON.parse(changed)), changed).toBe(true);
        },
      ),
      { numRuns: 2000 },
    );
    expect(matched).toBeGreaterThan(10);
  },
);

/** A row that the encoder takes; quotes and backslashes stand in some of its strings. */
function rowOf(fields: Fields): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  return fc.record(Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, anyOf(field)])));
}

function anyOf(field: Field): fc.Arbitrary<unknown> {
  const value: fc.Arbitrary<unknown> =
    field.type === 'array'
      ? fc.array(rowOf(field.items), { maxLength: 3 })
      : field.type === 'string'
        ? fc.string({ maxLength: Math.min(3, field.maxLength ?? 3) })
        : fc.oneof(fc.nat(), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }));
  return field.nullable ? fc.option(value) : value;
}

function compiled(source: string, { fields }: { readonly fields: Fields }, envelope: Envelope) {
  const { $id, ...rows } = rowSchema({ name: source, rowVersion: 1, summary: 'x', fields }, envelope);
  const encoder = compileRowEncoder({ fields, envelope, source, availableInDeployment: false });
  return {
    pattern: canonicalRow(rows, source, false)!,
    validate: new Ajv2020({ allowUnionTypes: true, keywords: SCHEMA_KEYWORDS }).compile(rows),
    lineOf: (values: unknown) => encoder(values, 1, 1_795_461_636_136_641_880n, 0, 0).trimEnd(),
  };
}
