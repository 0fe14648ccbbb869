import { type FileReading, integerAt, type RowOf } from 'cis490';
import type { FIELDS } from './fields.js';

/** "0.52 0.58 0.59 1/467 12345\n" (proc_loadavg(5)). Null if it is torn: a number at its end may have been cut in two. */
export function parseLoadavg({ bytes, length }: FileReading): RowOf<typeof FIELDS> | null {
  const text = bytes.toString('latin1', 0, length);
  const slash = text.indexOf('/');
  if (slash < 0 || !text.endsWith('\n')) return null;
  const runnable = integerAt(text, text.lastIndexOf(' ', slash) + 1);
  const threads = integerAt(text, slash + 1);
  return runnable === null || threads === null ? null : { runnable, threads };
}
