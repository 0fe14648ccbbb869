import { escapeNonAscii } from './ascii-json.js';

/** One flat JSON line, ASCII, for events and labels. Bigints are printed exactly; undefined members are left out. */
export function jsonLine(record: Readonly<Record<string, unknown>>): string {
  const members = Object.entries(record)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${JSON.stringify(key)}:${typeof value === 'bigint' ? value : JSON.stringify(value)}`);
  return `${escapeNonAscii(`{${members.join(',')}}`)}\n`;
}
