import { type FileReading, plusExactly, type RowOf } from 'cis490';
import { integersAt, wholeLines } from 'cis490/procfs';
import { FIELDS } from './fields.js';

type Row = RowOf<typeof FIELDS>;

/**
 * A line for each kind, a column for each CPU (Documentation/filesystems/proc.rst); a CPU that is offline keeps its own.
 * A kind that this kernel lacks is null.
 */
export function parseSoftirqs(file: FileReading): Row {
  const text = wholeLines(file);
  const cpus = text.slice(0, text.indexOf('\n', 1)).match(/CPU\d+/g)?.length ?? 0;
  const total = (kind: string) => {
    const at = text.indexOf(` ${kind}:`); // not within HRTIMER
    if (at < 0) return null;
    return integersAt(text, at + kind.length + 2, cpus).reduce((sum, count) => plusExactly(sum, count), 0);
  };
  return Object.fromEntries(Object.keys(FIELDS).map((name) => [name, total(name.toUpperCase())])) as Row;
}
