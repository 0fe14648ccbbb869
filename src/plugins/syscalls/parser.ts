import { parseJson } from '../../program.js';

type Count = number | bigint;

/** What a line of `bpftrace -f json` tells. */
export type Message =
  /** The print of a set of maps begins; the kernel's clock in nanoseconds. */
  | { readonly type: 'begin'; readonly set: number; readonly atNs: bigint }
  | { readonly type: 'end' }
  /** A map that is keyed by numbers. */
  | { readonly type: 'counts'; readonly map: string; readonly counts: ReadonlyMap<number, Count> }
  /** A map of one value. */
  | { readonly type: 'count'; readonly map: string; readonly count: Count }
  /** So many messages did not fit the buffer between the kernel and bpftrace. */
  | { readonly type: 'lost'; readonly events: number };

/** Null for what is none of these, or was cut short. */
export function parseMessage(line: string): Message | null {
  const document = documentIn(line);
  if (!isRecord(document)) return null;
  const { type, data } = document;
  if (type === 'printf') return printed(String(data));
  if (type === 'lost_events' && isRecord(data) && isCount(data.events))
    return { type: 'lost', events: Number(data.events) };
  return type === 'map' && isRecord(data) ? mapIn(data) : null;
}

function printed(text: string): Message | null {
  if (text === 'end\n') return { type: 'end' };
  const begin = /^begin ([01]) (\d{1,19})\n$/.exec(text);
  return begin === null ? null : { type: 'begin', set: Number(begin[1]), atNs: BigInt(begin[2]!) };
}

function mapIn(data: Readonly<Record<string, unknown>>): Message | null {
  const [map, content] = Object.entries(data)[0] ?? [];
  if (map === undefined) return null;
  if (isCount(content)) return { type: 'count', map, count: content };
  if (!isRecord(content)) return null;
  const counts = new Map<number, Count>();
  for (const [key, count] of Object.entries(content)) {
    if (!/^-?\d{1,9}$/.test(key) || !isCount(count)) return null;
    counts.set(Number(key), count);
  }
  return { type: 'counts', map, counts };
}

function documentIn(line: string): unknown {
  try {
    return parseJson(line);
  } catch {
    return null; // no JSON, or not the whole line
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** Counters of the kernel have 64 bits. */
const isCount = (value: unknown): value is Count =>
  (typeof value === 'bigint' && value >= 0n && value < 2n ** 64n) ||
  (Number.isSafeInteger(value) && Number(value) >= 0);
