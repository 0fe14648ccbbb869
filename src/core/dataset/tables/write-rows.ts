import { constants, copyFileSync } from 'node:fs';
import type { RecordedColumn } from '../../reading/recorded-episode.js';
import type { View } from '../dataset-document.js';
import type { Database } from '../duckdb/database.js';
import { fileList, quoteName, quoteText } from '../duckdb/sql.js';
import type { SourceInput } from '../select/episode-input.js';
import type { SourceSpec } from '../sources/source-spec.js';
import { visibleFields } from '../sources/visible-fields.js';
import { columnType } from './column-types.js';

/** Episodes' ids are the names of their folders: `.../<id>/telemetry/<source>.jsonl`. */
const EPISODE_OF_FILE = `string_split(filename, '/')[-3]`;

/**
 * Copies a source's rows of several episodes into one Parquet file, as they are and in their order. The files' form is
 * told, not guessed: a guess sees the first rows only. Throws DuckDB's error.
 */
export async function writeRows(
  database: Database,
  { row }: SourceSpec,
  inputs: readonly SourceInput[],
  to: string,
): Promise<void> {
  const fields = [...row.host, ...row.own];
  const columns = fields.map((field) => `${quoteText(field.name)}: ${quoteText(columnType(field))}`);
  const names = fields.map(({ name }) => quoteName(name));
  await database.run(
    `COPY (
      SELECT ${EPISODE_OF_FILE} AS episode_id, ${names.join(', ')}
      FROM read_json(${fileList(inputs.map(({ path }) => path))}, format = 'newline_delimited', filename = true,
        hive_partitioning = false, columns = {${columns.join(', ')}})
    ) TO ${quoteText(to)} (${PARQUET})`,
  );
}

/** Copies what a view holds of a file that `writeRows` wrote. Throws DuckDB's error. */
export async function writeView(
  database: Database,
  source: SourceSpec,
  view: View,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<void> {
  const visible = visibleFields(source, view);
  if (isAll(visible, source)) return copyFileSync(from, to, constants.COPYFILE_FICLONE);
  const own = visible.map((field) => held(field, source.row.own));
  const host = ['episode_id', ...source.row.host.map(({ name }) => name)].map(quoteName);
  await database.run(
    `COPY (SELECT ${[...host, ...own].join(', ')} FROM read_parquet(${fileList([from])}, hive_partitioning = false))
    TO ${quoteText(to)} (${PARQUET})`,
  );
}

function isAll(visible: readonly RecordedColumn[], { row: { own } }: SourceSpec): boolean {
  const count = (fields: readonly RecordedColumn[]) => fields.reduce((sum, { items }) => sum + 1 + items.length, 0);
  return count(visible) === count(own);
}

/** An array of which some columns are held is made anew of these. */
function held({ name, items }: RecordedColumn, own: readonly RecordedColumn[]): string {
  const all = own.find((field) => field.name === name)!.items;
  if (items.length === all.length) return quoteName(name);
  const parts = items.map((item) => `${quoteName(item.name)} := record[${quoteText(item.name)}]`);
  return `list_transform(${quoteName(name)}, lambda record: struct_pack(${parts.join(', ')})) AS ${quoteName(name)}`;
}

export const PARQUET = 'FORMAT parquet, COMPRESSION zstd';
