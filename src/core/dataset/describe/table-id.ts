import type { Table, TableFile } from '../dataset-document.js';

/** A name for a table that no other has: `episodes`, `deployable_aligned`, `oracle_rows_host_proc`. */
export function tableId({ view, kind, name }: Table): string {
  const own = kind === 'rows' ? `rows_${name}` : name;
  return view === null ? own : `${view}_${own}`;
}

/** Splits that the table has files of, in the given order. */
export function splitsOf(table: Table, splits: readonly string[]): readonly { split: string; files: TableFile[] }[] {
  return splits
    .map((split) => ({ split, files: table.files.filter((file) => file.split === split) }))
    .filter(({ files }) => files.length > 0);
}

const KEYS: Readonly<Partial<Record<Table['kind'], readonly string[]>>> = {
  episodes: ['episode_id'],
  labels: ['episode_id', 'position'],
  aligned: ['episode_id', 'step'],
  windows: ['episode_id', 'step'],
};

/** Columns that are never null and that no two rows of the table share the values of; none where that is not promised. */
export function primaryKey({ kind, columns }: Table): readonly string[] {
  const key = KEYS[kind] ?? [];
  return key.every((name) => columns.some((column) => column.name === name)) ? key : [];
}
