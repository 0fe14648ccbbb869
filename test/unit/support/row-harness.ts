import { Ajv2020 } from 'ajv/dist/2020.js';
import { compileRowEncoder } from '../../../src/core/rows/row-encoder.js';
import { type Envelope, rowSchema, SCHEMA_KEYWORDS } from '../../../src/core/rows/row-schema.js';
import type { Fields } from '../../../src/index.js';

/** What the host adds to a row, as JSON.parse sees it. */
export const ENVELOPE = {
  t_mono_ns: 0,
  t_wall_ns: 1,
  source: 'test',
  available_in_deployment: false,
  tick: 0,
  epoch: 0,
};

export function compileEncoder(fields: Fields, envelope: Envelope = 'tick') {
  const encode = compileRowEncoder({ fields, envelope, source: 'test', availableInDeployment: false });
  return (row: unknown) => encode(row, 0, 1n, 0, 0);
}

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, keywords: SCHEMA_KEYWORDS });

/** What any third party would hold a row against. Without its id: ajv knows a schema by it. */
export function compileSchema(fields: Fields, envelope: Envelope = 'tick') {
  const { $id, ...schema } = rowSchema({ name: 'test', rowVersion: 1, summary: 'A test.', fields }, envelope);
  return ajv.compile(schema);
}
