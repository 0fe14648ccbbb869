import { stringify } from 'lossless-json';
import { escapeNonAscii } from './ascii-json.js';

/** One flat JSON line, ASCII, for events and labels. Bigints are printed exactly; undefined members are left out. */
export function jsonLine(record: Readonly<Record<string, unknown>>): string {
  const members = Object.entries(record)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${JSON.stringify(key)}:${printed(value)}`);
  return `${escapeNonAscii(`{${members.join(',')}}`)}\n`;
}

/** What JSON has no form for is null, bigints within lists and records too are printed exactly. */
const printed = (value: unknown): string => stringify(value) ?? 'null';
