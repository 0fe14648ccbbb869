import type { Fields } from '../contract/fields.js';
import { parseJson } from '../json/exact-json.js';
import { toText } from '../text/to-text.js';

export type Line =
  | { readonly row: Readonly<Record<string, unknown>>; readonly monotonicNs: bigint | null }
  | { readonly code: 'bad_json' | 'clock_monotonic_ns'; readonly reason: string };

const SHOWN = 200;

/**
 * One line of a program: a JSON object with the row's own columns, and `clock_monotonic_ns` where it knows when the row
 * was measured (raw CLOCK_MONOTONIC, an integer). Integers come out exact. Nullable columns that it leaves out are null.
 */
export function parseLine(text: string, fields: Fields): Line {
  const row = objectOf(text);
  if (row === null) return { code: 'bad_json', reason: `no JSON object: ${text.slice(0, SHOWN)}` };
  const { clock_monotonic_ns: at, ...own } = row;
  if (at !== undefined && !isTime(at))
    return {
      code: 'clock_monotonic_ns',
      reason: `clock_monotonic_ns is ${toText(at).slice(0, SHOWN)}; it must be an integer from 0`,
    };
  fillIn(own, fields);
  return { row: own, monotonicNs: at === undefined ? null : BigInt(at) };
}

function objectOf(text: string): Record<string, unknown> | null {
  try {
    const value = parseJson(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

function fillIn(record: Record<string, unknown>, fields: Fields): void {
  for (const [name, field] of Object.entries(fields)) {
    const value = Object.hasOwn(record, name) ? record[name] : undefined;
    if (value === undefined && field.nullable) record[name] = null;
    // JSON does not tell 1e17 from 100000000000000000
    if (field.type === 'number' && typeof value === 'bigint') record[name] = Number(value);
    if (field.type !== 'array' || !Array.isArray(value)) continue;
    for (const item of value) if (typeof item === 'object' && item !== null) fillIn(item, field.items);
  }
}

const isTime = (value: unknown): value is number | bigint =>
  (typeof value === 'bigint' || Number.isSafeInteger(value)) && (value as number | bigint) >= 0;
