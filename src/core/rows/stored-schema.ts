import { type JsonSchema, SCHEMA_KEYWORDS } from './row-schema.js';

const KEYWORDS = new Set([
  ...['$schema', '$id', 'title', 'description', 'type', 'properties', 'required', 'additionalProperties', 'items'],
  ...['minimum', 'maximum', 'minLength', 'maxLength', 'maxItems', 'enum', ...SCHEMA_KEYWORDS],
]);
/** Far more columns than any source has. */
const MAX_SCHEMAS = 5_000;
/** A row, an array in it, its records, their columns. */
const MAX_DEPTH = 3;

/**
 * Holds a row schema that was read from a file against what `rowSchema` makes. It is compiled to code: with a pattern, a
 * reference or a condition of somebody else's choice that could run for ever. Throws in words.
 */
export function requireRowSchema(schema: JsonSchema): void {
  let count = 0;
  const check = (value: unknown, path: string, depth: number): void => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${path} is no schema`);
    if (++count > MAX_SCHEMAS || depth > MAX_DEPTH) throw new Error(`${path} goes beyond what a row has`);
    const { properties, items, additionalProperties = false } = value as JsonSchema;
    const foreign = Object.keys(value).find((keyword) => !KEYWORDS.has(keyword));
    if (foreign !== undefined) throw new Error(`${path} has the keyword "${foreign}", which no row schema has`);
    if (additionalProperties !== false) throw new Error(`${path}.additionalProperties is not false`);
    for (const [name, property] of Object.entries(properties ?? {})) check(property, `${path}.${name}`, depth + 1);
    if (items !== undefined) check(items, `${path}[]`, depth + 1);
  };
  check(schema, 'it', 0);
}
