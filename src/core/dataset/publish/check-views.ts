import { join } from 'node:path';
import { CisError } from '../../errors/cis-error.js';
import type { Table, View } from '../dataset-document.js';
import type { Database } from '../duckdb/database.js';
import { fileList, quoteName } from '../duckdb/sql.js';
import type { FeatureDocument } from '../feature-document.js';
import type { EpisodeInput } from '../select/episode-input.js';
import { rowSpec } from '../sources/row-spec.js';

export interface CheckViewsOptions {
  readonly database: Database;
  readonly root: string;
  readonly tables: readonly Table[];
  readonly features: ReadonlyMap<View, FeatureDocument>;
  readonly episodes: readonly EpisodeInput[];
}

/**
 * Holds the files of the deployable view, as they were written, against what each episode's meta.json says of each column:
 * not against what was planned. There is no way around it. Throws DATASET_ORACLE.
 */
export async function checkViews({ database, root, tables, features, episodes }: CheckViewsOptions): Promise<void> {
  const oracles = oracleColumns(episodes);
  for (const table of tables.filter(({ view }) => view === 'deployable')) {
    const forbidden =
      table.kind === 'rows' ? oracles.get(table.name) : madeOfOracles(features.get('deployable')!, oracles);
    for (const { path } of table.files) {
      for (const name of await columnsOf(database, join(root, path)))
        if (forbidden?.(name)) throw oracle(path, `the column ${name}, which no deployed device has`);
      if (table.kind === 'rows' && (await hasOracleRows(database, join(root, path))))
        throw oracle(path, 'rows of a source that no deployed device has');
    }
  }
}

type Forbids = (column: string) => boolean;

/** By source: whether any episode says that this column is an oracle. */
function oracleColumns(episodes: readonly EpisodeInput[]): Map<string, Forbids> {
  const columns = new Map<string, Set<string>>();
  for (const { source, isDeployable, rowSchema } of episodes.flatMap(({ sources }) => sources)) {
    const found = columns.get(source) ?? new Set<string>();
    for (const field of rowSpec(rowSchema).own) {
      if (!isDeployable || !field.availableInDeployment) found.add(field.name);
      for (const item of field.items)
        if (!isDeployable || !item.availableInDeployment) found.add(`${field.name}.${item.name}`);
    }
    columns.set(source, found);
  }
  return new Map([...columns].map(([source, names]) => [source, (column) => names.has(column)]));
}

/** A feature, or a statistic of it, is one if the field that it is made of is. */
function madeOfOracles({ features }: FeatureDocument, oracles: ReadonlyMap<string, Forbids>): Forbids {
  const made = features.filter(({ source, field, item }) => {
    const forbids = oracles.get(source);
    return forbids === undefined || forbids(field) || (item !== null && forbids(`${field}.${item}`));
  });
  return (column) => made.some(({ name }) => column === name || column.startsWith(`${name}__`));
}

async function columnsOf(database: Database, path: string): Promise<string[]> {
  const rows = await database.all(`DESCRIBE FROM read_parquet(${fileList([path])}, hive_partitioning = false)`);
  return rows.map(({ column_name: name }) => String(name));
}

async function hasOracleRows(database: Database, path: string): Promise<boolean> {
  const column = quoteName('available_in_deployment');
  const [row] = await database.all(
    `SELECT count(*) FILTER (${column} IS NOT TRUE) AS n FROM read_parquet(${fileList([path])}, hive_partitioning = false)`,
  );
  return Number(row?.n) > 0;
}

const oracle = (path: string, what: string): CisError => new CisError('DATASET_ORACLE', `${path} has ${what}`);
