import type { JsonSchema } from './row-schema.js';

const INTEGER = '-?(?:0|[1-9]\\d*)';
const UNSIGNED = '(?:0|[1-9]\\d*)';
const NUMBER = `${INTEGER}(?:\\.\\d+)?(?:[eE][+-]?\\d+)?`;
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
}

/**
 * A pattern for a row as our own encoder prints it: keys in their order, nothing between them. A line that matches is
 * valid against the schema and has these constants; so most rows need no JSON.parse, which takes longer than all else
 * of the validation. Its groups are t_mono_ns, t_wall_ns, and tick or seq. Null for a schema that is not made of plain
 * numbers and booleans: its rows are parsed.
 */
export function canonicalRow(schema: JsonSchema, source: string, isDeployable: boolean): RegExp | null {
  const properties = Object.entries((schema.properties ?? {}) as Readonly<Record<string, Property>>);
  const required = new Set((schema.required ?? []) as readonly string[]);
  const members = properties.map(([key, property]) => {
    if (!required.has(key)) return null;
    const value =
      key === 'source'
        ? literal(JSON.stringify(source))
        : key === 'available_in_deployment'
          ? String(isDeployable)
          : valuePattern(key, property);
    return value === null ? null : `${literal(JSON.stringify(key))}:${value}`;
  });
  if (members.includes(null) || required.size !== properties.length) return null;
  return new RegExp(`^\\{${members.join(',')}\\}$`);
}

function valuePattern(key: string, property: Property): string | null {
  const { type, minimum, ...rest } = property;
  if (!Object.keys(rest).every((keyword) => ANNOTATION.test(keyword))) return null;
  if (CAPTURED[key] !== undefined) return type === 'integer' ? CAPTURED[key] : null;
  const patterns = [type].flat().map((name) => typePattern(name, minimum));
  return patterns.includes(null) ? null : `(?:${patterns.join('|')})`;
}

function typePattern(type: string | undefined, minimum: number | undefined): string | null {
  if (type === 'null') return 'null';
  if (type === 'boolean') return 'true|false';
  if (type === 'integer') return minimum === undefined ? INTEGER : minimum === 0 ? UNSIGNED : null;
  return type === 'number' && minimum === undefined ? NUMBER : null;
}

const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
