import { join } from 'node:path';
import { toTextOrNull } from '../../text/to-text.js';
import type { ExcludedRows, View } from '../dataset-document.js';
import type { DatasetOptions } from '../dataset-options.js';
import { type Database, openDatabase } from '../duckdb/database.js';
import { fileList } from '../duckdb/sql.js';
import type { FeatureDocument } from '../feature-document.js';
import { countStatistics } from '../features/count-statistics.js';
import { planDocument } from '../features/plan-document.js';
import { writeAligned } from '../features/write-aligned.js';
import { writeWindows } from '../features/write-windows.js';
import type { DraftFolder } from '../publish/draft-folder.js';
import { partOf, type TablePlan } from '../publish/table-files.js';
import type { SourceSpec } from '../sources/source-spec.js';
import type { PlacedEpisode, PlacedEpisodes } from '../split/place-episodes.js';
import { writeView as copyView } from '../tables/write-rows.js';
import { GROUP_COLUMNS, viewTables } from './view-tables.js';

export interface ViewRequest {
  readonly database: Database;
  readonly draft: DraftFolder;
  readonly specs: readonly SourceSpec[];
  readonly episodes: PlacedEpisodes;
  readonly options: DatasetOptions;
  /** The Parquet file of all that a source has in a split. */
  readonly rowsOf: (source: string, split: string) => string;
}

export interface WrittenView {
  readonly view: View;
  readonly features: FeatureDocument;
  readonly tables: readonly TablePlan[];
  readonly excluded: readonly ExcludedRows[];
  /** Rows of aligned by split and label. */
  readonly aligned: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** Writes the tables of one view: rows, the grid, and windows if they are asked for. Throws DuckDB's error. */
export async function writeView(view: View, request: ViewRequest): Promise<WrittenView> {
  const { database, draft, specs, episodes, options, rowsOf } = request;
  const planned = planDocument(specs, view, options);
  const tables = viewTables(view, specs, planned);
  const excluded: ExcludedRows[] = [];
  const aligned: Record<string, Record<string, number>> = {};
  for (const split of episodes.splits) {
    for (const { path, source } of tables.rows)
      await copyView(database, source, view, {
        from: rowsOf(source.source, split),
        to: draft.file(partOf(path, split)),
      });
    const to = draft.file(partOf(tables.aligned.path, split));
    excluded.push(...(await align(planned, split, to, request)));
    aligned[split] = await countLabels(database, to);
    if (tables.windows !== null)
      await writeWindows({
        database,
        document: planned,
        groupColumns: GROUP_COLUMNS,
        aligned: to,
        to: draft.file(partOf(tables.windows.path, split)),
      });
  }
  const features = await counted(planned, join(draft.path, partOf(tables.aligned.path, 'train')));
  return {
    view,
    features,
    tables: [...tables.rows.map(planOf), tables.aligned, ...(tables.windows === null ? [] : [tables.windows])],
    excluded: summed(excluded),
    aligned,
  };
}

function align(
  document: FeatureDocument,
  split: string,
  to: string,
  { database, draft, specs, episodes, options, rowsOf }: ViewRequest,
): Promise<ExcludedRows[]> {
  const placed = episodes.placed.filter((each) => each.split === split);
  const byId = new Map(placed.map((each) => [each.episode.id, each]));
  return writeAligned({
    database,
    document,
    specs,
    episodes: placed.map(({ episode }) => episode),
    rowsOf: (source) => rowsOf(source, split),
    groupColumns: GROUP_COLUMNS,
    groupsOf: ({ id }) => groupsOf(byId.get(id)!),
    isForTraining: true,
    keepResidual: options.keepResidual,
    scratch: draft.scratch,
    to,
  });
}

/** What stands in the group columns of each of an episode's rows. */
export function groupsOf({ episode, group, members }: Omit<PlacedEpisode, 'split'>): Record<string, string | null> {
  return { group_id: group, arm: toTextOrNull(episode.meta.scenario?.arm), ...members };
}

/** In one thread: sums of doubles depend on their order, and the same input makes the same features.json. */
async function counted(document: FeatureDocument, train: string): Promise<FeatureDocument> {
  const database = await openDatabase({ threads: 1 });
  try {
    return { ...document, features: await countStatistics(database, document.features, train) };
  } finally {
    database.close();
  }
}

async function countLabels(database: Database, path: string): Promise<Record<string, number>> {
  const rows = await database.all(
    `SELECT label, count(*) AS n FROM read_parquet(${fileList([path])}, hive_partitioning = false) GROUP BY ALL ORDER BY ALL`,
  );
  return Object.fromEntries(rows.map(({ label, n }) => [String(label), Number(n)]));
}

function summed(rows: readonly ExcludedRows[]): ExcludedRows[] {
  const sums = new Map<string, ExcludedRows>();
  for (const row of rows) {
    const key = `${row.label} ${row.reason}`;
    sums.set(key, { ...row, rows: row.rows + (sums.get(key)?.rows ?? 0) });
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

const planOf = ({ name, kind, view, path, description, columns }: TablePlan): TablePlan => ({
  name,
  kind,
  view,
  path,
  description,
  columns,
});
