import { parseJson } from '../json/exact-json.js';

export type Line =
  | { readonly row: Readonly<Record<string, unknown>>; readonly monotonicNs: bigint | null }
  | { readonly code: 'bad_json' | 'clock_monotonic_ns'; readonly reason: string };

const SHOWN = 200;

/**
 * One line of a program: a JSON object with the row's own columns, and `clock_monotonic_ns` where it knows when the row
 * was measured (raw CLOCK_MONOTONIC, an integer). Integers come out exact. Columns of `nullable` that it leaves out are null.
 */
export function parseLine(text: string, nullable: readonly string[]): Line {
  const row = objectOf(text);
  if (row === null) return { code: 'bad_json', reason: `no JSON object: ${text.slice(0, SHOWN)}` };
  const { clock_monotonic_ns: at, ...own } = row;
  if (at !== undefined && !isTime(at))
    return { code: 'clock_monotonic_ns', reason: `clock_monotonic_ns is ${String(at)}; it must be an integer from 0` };
  for (const name of nullable) if (!Object.hasOwn(own, name)) own[name] = null;
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

const isTime = (value: unknown): value is number | bigint =>
  (typeof value === 'bigint' || Number.isSafeInteger(value)) && (value as number | bigint) >= 0;
