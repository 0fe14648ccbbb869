import { parseJson } from '../json/exact-json.js';
import { timesIn } from '../validation/row-times.js';

/** Behind a colon, a comma or a bracket: an integer that a double may round. Strings may look like one; that costs time only. */
const LONG_INTEGER = /[:,[]\s*-?\d{16}/;
/** The wall time is one in every line, and stands among the first columns. */
const WALL_TIME = /"t_wall_ns":\s*\d{10,19}/;

export type ExactRow = Record<string, unknown> & { t_mono_ns: number; t_wall_ns: bigint };

/**
 * The object on a line of one of an episode's logs, its integers exact: bigints where a double would round, and
 * t_wall_ns always. Most rows have no other long integer, and those JSON.parse reads ten times as fast as an exact parser.
 * Throws in words.
 */
export function exactRow(line: string): ExactRow {
  const times = timesIn(line);
  if (times === null) throw new Error('has no t_mono_ns and t_wall_ns side by side as plain integers');
  const row = parse(line);
  if (typeof row !== 'object' || row === null || Array.isArray(row)) throw new Error('is no JSON object');
  const exact = row as ExactRow;
  exact.t_wall_ns = BigInt(times.wall);
  if (exact.t_mono_ns !== times.mono) throw new Error('has t_mono_ns twice');
  return exact;
}

function parse(line: string): unknown {
  try {
    return LONG_INTEGER.test(line.replace(WALL_TIME, '')) ? parseJson(line) : JSON.parse(line);
  } catch (error) {
    throw new Error('is no JSON', { cause: error });
  }
}
