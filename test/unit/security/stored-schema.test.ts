import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { requireRowSchema } from '../../../src/core/rows/stored-schema.js';
import { SchemaRegistry } from '../../../src/core/schemas/schema-registry.js';

const schemas = new SchemaRegistry();
const row = (column: object) => ({ type: 'object', properties: { column }, additionalProperties: false });

/** An array of records of arrays of records, and so on. */
function nested(depth: number): object {
  return depth === 0
    ? { type: 'integer' }
    : { type: 'array', items: { type: 'object', properties: { a: nested(depth - 1) } } };
}

test.each(readdirSync('schemas/sources'))('the schema of our own rows is one: %s', async (name) => {
  requireRowSchema(JSON.parse(readFileSync(`schemas/sources/${name}`, 'utf8')));
});

test.each<[string, object]>([
  ['a pattern that takes for ever', row({ type: 'string', pattern: '^(a+)+$' })],
  ['names by pattern', { type: 'object', patternProperties: { '^(a+)+$': {} } }],
  ['names of any form', { type: 'object', additionalProperties: { pattern: '^(a+)+$' } }],
  ['a reference to itself', row({ $ref: '#' })],
  ['a dynamic reference', row({ $dynamicRef: '#a' })],
  ['conditions', row({ anyOf: [{ type: 'string' }, { type: 'integer' }] })],
  ['elements that are compared with one another', row({ type: 'array', uniqueItems: true })],
  ['what is in the records', row({ type: 'array', items: { type: 'object', properties: { a: { pattern: 'a' } } } })],
  ['a format', row({ type: 'string', format: 'uri' })],
  [
    'more columns than any row has',
    { properties: Object.fromEntries(Array.from({ length: 6_000 }, (_, i) => [`c${i}`, {}])) },
  ],
  ['depth without end', row(nested(3))],
  ['what is no schema', row([] as never)],
])('one that was read is not compiled with %s', async (_what, schema) => {
  await expect(schemas.storedRows(schema as never)).rejects.toThrow(/^it/);
});
