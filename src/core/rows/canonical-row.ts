import type { JsonSchema } from './row-schema.js';

const INTEGER = '-?(?:0|[1-9]\\d*)';
const UNSIGNED = '(?:0|[1-9]\\d*)';
const NUMBER = `${INTEGER}(?:\\.\\d+)?(?:[eE][+-]?\\d+)?`;
/** Printable ASCII without a quote or a backslash: one byte of the line is one character of the string. */
const PLAIN = '[ !#-\\[\\]-~]';
/** The columns whose text is needed, and how many digits they may have: a double holds the first two exactly. */
const CAPTURED: Readonly<Record<string, string>> = {
  t_mono_ns: '(-?(?:0|[1-9]\\d{0,14}))',
  t_wall_ns: '([1-9]\\d{9,18})',
  tick: '(0|[1-9]\\d{0,14})',
  seq: '(0|[1-9]\\d{0,14})',
};
/** Keywords that say nothing about which values are valid. */
const ANNOTATION = /^(?:x-|description$|title$)/;

interface Property extends JsonSchema {
  readonly type?: string | readonly string[];
  readonly minimum?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly items?: JsonSchema;
}

/** Keywords that a pattern can hold a value to. */
const HELD = new Set(['type', 'minimum', 'maxLength', 'maxItems', 'items']);
/** A longer one is of no collector of ours, and V8 might refuse it. */
const MAX_PATTERN_LENGTH = 1 << 16;

/**
 * A pattern for a row as our own encoder prints it: keys in their order, nothing between them. A line that matches is
 * valid against the schema and has these constants; so most rows need no JSON.parse, which takes longer than all else
 * of the validation. Its groups are t_mono_ns, t_wall_ns, and tick or seq. A row that does not match has to be parsed: a
 * string in it may be escaped. Null for a schema that has more than numbers, booleans, strings and arrays of flat
 * records, or other bounds than their least ones.
 */
export function canonicalRow(schema: JsonSchema, source: string, isDeployable: boolean): RegExp | null {
  const row = objectPattern(schema, (key, property) => {
    if (key === 'source') return literal(JSON.stringify(source));
    if (key === 'available_in_deployment') return String(isDeployable);
    return CAPTURED[key] === undefined ? valuePattern(property) : property.type === 'integer' ? CAPTURED[key] : null;
  });
  return row === null || row.length > MAX_PATTERN_LENGTH ? null : new RegExp(`^${row}$`);
}

/** An object of exactly these keys, in this order; null if its schema takes others too. */
function objectPattern(
  { properties = {}, required = [] }: JsonSchema,
  patternOf: (key: string, property: Property) => string | null,
): string | null {
  const entries = Object.entries(properties as Readonly<Record<string, Property>>);
  const needed = new Set(required as readonly string[]);
  const members = entries.map(([key, property]) => {
    const value = needed.has(key) ? patternOf(key, property) : null;
    return value === null ? null : `${literal(JSON.stringify(key))}:${value}`;
  });
  return members.includes(null) || needed.size !== entries.length ? null : `\\{${members.join(',')}\\}`;
}

function valuePattern(property: Property): string | null {
  const { maxLength = 0, maxItems = 0 } = property;
  // beyond 2^53 they are bigints
  if (!Number.isSafeInteger(maxLength) || !Number.isSafeInteger(maxItems)) return null;
  if (!Object.keys(property).every((keyword) => HELD.has(keyword) || ANNOTATION.test(keyword))) return null;
  const patterns = [property.type].flat().map((type) => typePattern(type, property));
  return patterns.includes(null) ? null : `(?:${patterns.join('|')})`;
}

function typePattern(type: string | undefined, { minimum, maxLength, maxItems, items }: Property): string | null {
  switch (type) {
    case 'null':
      return 'null';
    case 'boolean':
      return 'true|false';
    case 'integer':
      return minimum === undefined ? INTEGER : minimum === 0 ? UNSIGNED : null;
    case 'number':
      return minimum === undefined ? NUMBER : null;
    case 'string':
      return `"${PLAIN}${upTo(maxLength)}"`;
    case 'array':
      return items === undefined ? null : arrayPattern(items, maxItems);
    default:
      return null;
  }
}

/** An array of flat records: none of its values is an array again. */
function arrayPattern(items: JsonSchema, maxItems?: number): string | null {
  const record =
    items.type === 'object'
      ? objectPattern(items, (_key, property) => (property.items === undefined ? valuePattern(property) : null))
      : null;
  if (record === null || maxItems === 0) return null;
  return `\\[(?:${record}(?:,${record})${upTo(maxItems === undefined ? undefined : maxItems - 1)})?\\]`;
}

const upTo = (most?: number): string => (most === undefined ? '*' : `{0,${most}}`);

const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
