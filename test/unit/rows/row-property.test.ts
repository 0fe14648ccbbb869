import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RowError } from '../../../src/core/rows/row-encoder.js';
import { compileEncoder, compileSchema, ENVELOPE } from '../support/row-harness.js';
import { fieldsTable, jsonScalar, rowOf } from './row-arbitraries.js';

const RUNS = { numRuns: 200 };

test('what the encoder accepts validates against the schema', () => {
  const sample = fieldsTable.chain((fields) =>
    fc.record({
      fields: fc.constant(fields),
      row: rowOf(fields, fc.anything({ withBigInt: true, maxDepth: 1, maxKeys: 2 })),
    }),
  );
  let accepted = 0;
  fc.assert(
    fc.property(sample, ({ fields, row }) => {
      const line = lineOf(fields, row);
      if (line === null) return;
      accepted++;
      const validate = compileSchema(fields);
      expect(validate(JSON.parse(line)), JSON.stringify(validate.errors)).toBe(true);
    }),
    RUNS,
  );
  expect(accepted).toBeGreaterThan(RUNS.numRuns / 10);
});

test('a row whose JSON validates is accepted by the encoder, and printed as it is', () => {
  const sample = fieldsTable.chain((fields) =>
    fc.record({ fields: fc.constant(fields), row: rowOf(fields, jsonScalar, false) }),
  );
  let valid = 0;
  fc.assert(
    fc.property(sample, ({ fields, row }) => {
      const plain = JSON.parse(JSON.stringify(row));
      if (!compileSchema(fields)({ ...ENVELOPE, ...plain })) return;
      valid++;
      expect(JSON.parse(compileEncoder(fields)(plain))).toEqual({ ...ENVELOPE, ...plain });
    }),
    RUNS,
  );
  expect(valid).toBeGreaterThan(RUNS.numRuns / 10);
});

function lineOf(fields: Parameters<typeof compileEncoder>[0], row: unknown): string | null {
  try {
    return compileEncoder(fields)(row);
  } catch (error) {
    if (error instanceof RowError) return null;
    throw error;
  }
}
