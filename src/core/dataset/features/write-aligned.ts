import { join } from 'node:path';
import type { Column, ExcludedRows } from '../dataset-document.js';
import type { Database } from '../duckdb/database.js';
import { fileList, quoteName, quoteText, values } from '../duckdb/sql.js';
import type { FeatureDocument } from '../feature-document.js';
import type { EpisodeInput } from '../select/episode-input.js';
import { inputOf, type SourceSpec } from '../sources/source-spec.js';
import { PARQUET } from '../tables/write-rows.js';
import { alignEpisodes } from './align-episodes.js';
import { alignedColumns } from './aligned-columns.js';
import { sourceCells } from './source-cells.js';

/** So many rows of the longest source are worked on at once: what bounds the memory. */
const BATCH_ROWS = 1_000_000;

export interface AlignedOptions {
  readonly database: Database;
  readonly document: FeatureDocument;
  readonly specs: readonly SourceSpec[];
  readonly episodes: readonly EpisodeInput[];
  /** The Parquet file of a source's rows. */
  readonly rowsOf: (source: string) => string;
  /** Columns that groups stand in, and each episode's values. */
  readonly groupColumns: readonly Column[];
  readonly groupsOf: (episode: EpisodeInput) => Readonly<Record<string, string | null>>;
  /** For training: rows that have a reason against them are left out and counted. Else every row stays. */
  readonly isForTraining: boolean;
  readonly keepResidual: boolean;
  /** A folder for what lies in between. */
  readonly scratch: string;
  readonly to: string;
}

/** Writes the grid of these episodes into one file, in the order of episode and step. Returns what was left out, a batch after the other. */
export async function writeAligned(options: AlignedOptions): Promise<ExcludedRows[]> {
  const { database, scratch, to } = options;
  const excluded: ExcludedRows[] = [];
  const parts: string[] = [];
  for (const batch of batches(options.episodes)) {
    const part = join(scratch, `part-${parts.length}.parquet`);
    await writeBatch(batch, part, options);
    if (options.isForTraining) excluded.push(...(await countExcluded(database)));
    parts.push(part);
  }
  await database.run(
    `COPY (FROM read_parquet(${fileList(parts)}, hive_partitioning = false)) TO ${quoteText(to)} (${PARQUET})`,
  );
  return excluded;
}

/** As many episodes at a time as have the rows that memory is reckoned for; at least one. */
function batches(episodes: readonly EpisodeInput[]): EpisodeInput[][] {
  const found: EpisodeInput[][] = [];
  let rows = Number.POSITIVE_INFINITY;
  for (const episode of episodes) {
    const more = Math.max(...episode.sources.map((source) => source.rows));
    if (rows + more > BATCH_ROWS) {
      found.push([]);
      rows = 0;
    }
    found.at(-1)!.push(episode);
    rows += more;
  }
  return found;
}

async function writeBatch(episodes: readonly EpisodeInput[], to: string, options: AlignedOptions): Promise<void> {
  const { database, document, groupColumns, groupsOf, isForTraining, keepResidual } = options;
  const cells = new Map<string, string>();
  for (const [i, { source }] of document.sources.entries()) {
    const table = `cells_${i}`;
    await database.run(`CREATE OR REPLACE TEMP TABLE ${table} AS ${cellsOf(source, episodes, options)}`);
    cells.set(source, table);
  }
  const query = alignEpisodes({ document, episodes, keepResidual, cells });
  await database.run(`CREATE OR REPLACE TEMP TABLE aligned AS ${query}`);
  const groups = groupValues(episodes, groupColumns, groupsOf);
  const columns = alignedColumns(document, groupColumns).map(({ name }) => quoteName(name));
  await database.run(
    `COPY (
      SELECT ${columns.join(', ')} FROM aligned JOIN ${groups} USING (episode_id)
      ${isForTraining ? 'WHERE reason IS NULL' : ''} ORDER BY episode_id, step
    ) TO ${quoteText(to)} (${PARQUET})`,
  );
}

function cellsOf(source: string, episodes: readonly EpisodeInput[], options: AlignedOptions): string {
  const { document, specs, rowsOf } = options;
  const { row } = specs.find((spec) => spec.source === source)!;
  return sourceCells({
    source: document.sources.find((each) => each.source === source)!,
    features: document.features.filter((feature) => feature.source === source),
    rowKeys: row.keys,
    itemKeys: new Map(
      row.own.map(({ name, items }) => [name, items.filter(({ isKey }) => isKey).map((item) => item.name)]),
    ),
    gridNs: document.grid_ns,
    rows: rowsWithFacts(source, rowsOf(source), episodes),
  });
}

/** The span of ids lets DuckDB pass over the rest of the file. */
function rowsWithFacts(source: string, path: string, episodes: readonly EpisodeInput[]): string {
  const facts = episodes.map((episode) => {
    const { cpus, clockTicksPerSecond } = inputOf(episode, source)!;
    return [quoteText(episode.id), String(cpus), String(clockTicksPerSecond)];
  });
  const ids = episodes.map(({ id }) => id);
  return `(
    SELECT r.*, f._cpus, f._clock_ticks
    FROM read_parquet(${fileList([path])}, hive_partitioning = false) AS r
    JOIN ${values('f', ['episode_id', '_cpus', '_clock_ticks'], facts)} USING (episode_id)
    WHERE r.episode_id BETWEEN ${quoteText(ids[0]!)} AND ${quoteText(ids.at(-1)!)}
  )`;
}

function groupValues(
  episodes: readonly EpisodeInput[],
  columns: readonly Column[],
  groupsOf: AlignedOptions['groupsOf'],
): string {
  const text = (value: string | null | undefined) => (value == null ? 'NULL::VARCHAR' : `${quoteText(value)}::VARCHAR`);
  const rows = episodes.map((episode) => {
    const groups = groupsOf(episode);
    return [quoteText(episode.id), ...columns.map(({ name }) => text(groups[name]))];
  });
  return values('groups', ['episode_id', ...columns.map(({ name }) => name)], rows);
}

async function countExcluded(database: Database): Promise<ExcludedRows[]> {
  const rows = await database.all(`
    SELECT coalesce(on_label, 'unlabelled') AS label, reason, count(*) AS n FROM aligned
    WHERE reason IS NOT NULL GROUP BY ALL ORDER BY ALL`);
  return rows.map(({ label, reason, n }) => ({
    label: String(label),
    reason: reason as ExcludedRows['reason'],
    rows: Number(n),
  }));
}
