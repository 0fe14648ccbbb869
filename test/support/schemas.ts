import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect } from 'vitest';
import { SCHEMA_KEYWORDS } from '../../src/core/rows/row-schema.js';
import { readJson } from './cli.js';

export const schemas = join(import.meta.dirname, '../../schemas');

/** Throws if the schema itself is not valid. */
export function validator(path: string) {
  const ajv = new Ajv2020({
    strict: true,
    allowUnionTypes: true,
    discriminator: true,
    keywords: SCHEMA_KEYWORDS,
    allErrors: true,
  });
  addFormats.default(ajv);
  return ajv.compile(readJson(join(schemas, path)));
}

export function expectValid(document: unknown, schema: string): void {
  const validate = validator(schema);
  validate(document);
  expect(validate.errors).toBe(null);
}
