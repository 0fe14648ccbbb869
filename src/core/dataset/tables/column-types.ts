import type { RecordedColumn } from '../../reading/recorded-episode.js';
import { quoteName } from '../duckdb/sql.js';

const TYPES = { integer: 'BIGINT', number: 'DOUBLE', string: 'VARCHAR', boolean: 'BOOLEAN' } as const;

/** The type of a column of rows, as DuckDB and Parquet have it: every integer is a BIGINT, exact to the last digit. */
export function columnType(field: RecordedColumn): string {
  if (field.type !== 'array') return TYPES[field.type];
  const items = 'items' in field ? field.items : [];
  return `STRUCT(${items.map((item) => `${quoteName(item.name)} ${columnType(item)}`).join(', ')})[]`;
}
