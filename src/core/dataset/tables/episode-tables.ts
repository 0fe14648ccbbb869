import { writeFileSync } from 'node:fs';
import { FILE_MODE } from '../../files/permissions.js';
import { jsonLine } from '../../json/json-line.js';
import type { Column, Role } from '../dataset-document.js';
import type { Database } from '../duckdb/database.js';
import { fileList, quoteName, quoteText } from '../duckdb/sql.js';
import type { EpisodeInput } from '../select/episode-input.js';
import { EPISODE_ID } from './row-columns.js';
import { PARQUET } from './write-rows.js';

/** A column, and what an episode (or an interval of one) has in it. */
export interface Told<T> {
  readonly column: Column;
  readonly of: (item: T) => unknown;
}

export function told<T>(
  name: string,
  type: 'BIGINT' | 'DOUBLE' | 'VARCHAR' | 'BOOLEAN',
  role: Role,
  description: string,
  of: (item: T) => unknown,
  unit: string | null = null,
): Told<T> {
  return { column: { name, type, role, unit, description, available_in_deployment: null }, of };
}

/** Writes what is known of each item into one Parquet file, in their order. Throws DuckDB's error. */
export async function writeTold<T>(
  database: Database,
  items: readonly T[],
  columns: readonly Told<T>[],
  { scratch, to }: { readonly scratch: string; readonly to: string },
): Promise<void> {
  const lines = items.map((item) =>
    jsonLine(Object.fromEntries(columns.map(({ column, of }) => [column.name, of(item) ?? null]))),
  );
  writeFileSync(scratch, lines.join(''), { mode: FILE_MODE });
  const types = columns.map(({ column: { name, type } }) => `${quoteText(name)}: ${quoteText(type)}`);
  await database.run(
    `COPY (FROM read_json(${fileList([scratch])}, format = 'newline_delimited', hive_partitioning = false,
      columns = {${types.join(', ')}})) TO ${quoteText(to)} (${PARQUET})`,
  );
}

const provenance = (name: string, description: string): Column => ({
  ...EPISODE_ID,
  name,
  role: 'provenance',
  description,
});

export const EVENT_COLUMNS: readonly Column[] = [
  EPISODE_ID,
  { ...provenance('t_mono_ns', "Since the episode's origin."), type: 'BIGINT', role: 'time', unit: 'ns' },
  { ...provenance('t_wall_ns', 'Since the Unix epoch.'), type: 'BIGINT', role: 'time', unit: 'ns' },
  provenance('event', 'What happened.'),
  provenance('source', 'Who told it.'),
  provenance('record', 'The whole row of events.jsonl, as JSON: events have fields of their own.'),
];

/** The events of these episodes, as they stand in events.jsonl. Throws DuckDB's error. */
export async function writeEvents(database: Database, episodes: readonly EpisodeInput[], to: string): Promise<void> {
  const files = fileList(episodes.map(({ path }) => `${path}/events.jsonl`));
  const typed = EVENT_COLUMNS.slice(1, -1).map(
    ({ name, type }) => `CAST(json ->> ${quoteText(`$.${name}`)} AS ${type}) AS ${quoteName(name)}`,
  );
  await database.run(
    `COPY (
      SELECT string_split(filename, '/')[-2] AS episode_id, ${typed.join(', ')}, CAST(json AS VARCHAR) AS record
      FROM read_ndjson_objects(${files}, filename = true, hive_partitioning = false)
    ) TO ${quoteText(to)} (${PARQUET})`,
  );
}
