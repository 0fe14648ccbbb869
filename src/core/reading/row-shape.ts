import type { ExactRow } from './exact-row.js';
import type { RecordedColumn } from './recorded-episode.js';

type Values = Record<string, unknown>;

export interface RowColumns {
  readonly envelope: readonly RecordedColumn[];
  readonly own: readonly RecordedColumn[];
}

/** Columns of the envelope that place a row. A double counts far enough for them. */
const POSITIONS = ['tick', 'epoch', 'seq'];

/**
 * Makes a row what its columns say, so that its type holds: a `number` that is printed as a long integer becomes a
 * number. Throws in words where a column is missing or its value is of another type; bounds are for `episode validate`.
 */
export function shapeRow(row: ExactRow, { envelope, own }: RowColumns): ExactRow {
  shape(row, envelope, '');
  const position = POSITIONS.find((name) => typeof row[name] === 'bigint');
  if (position !== undefined) throw new Error(`${position} is ${row[position]}; nothing counts so far`);
  shape(row, own, '');
  return row;
}

function shape(values: Values, columns: readonly RecordedColumn[], path: string): void {
  for (const column of columns) {
    const value = values[column.name];
    if (value === null ? column.nullable : isOfType(value, column.type)) continue;
    if (typeof value === 'bigint' && column.type === 'number') values[column.name] = Number(value);
    else if (column.type === 'array' && Array.isArray(value)) shapeRecords(value, column, path);
    else throw new Error(`${path}${column.name} is ${shown(value)}; it must be ${column.type}`);
  }
}

/** Of scalars; arrays are gone through apart from this. */
function isOfType(value: unknown, type: RecordedColumn['type']): boolean {
  return type === 'integer' ? Number.isInteger(value) || typeof value === 'bigint' : typeof value === type;
}

function shapeRecords(records: readonly unknown[], { items, name }: RecordedColumn, path: string): void {
  for (let i = 0; i < records.length; i++) {
    const record = records[i];
    if (typeof record !== 'object' || record === null) throw new Error(`${path}${name}[${i}] is no record`);
    shape(record as Values, items, `${path}${name}[${i}].`);
  }
}

const SHOWN_LENGTH = 60;

function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  const text = typeof value === 'bigint' ? String(value) : JSON.stringify(value);
  return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}...` : text;
}
