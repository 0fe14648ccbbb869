import type { Column } from '../dataset-document.js';
import type { Database } from '../duckdb/database.js';
import { fileList, quoteName, quoteText } from '../duckdb/sql.js';
import type { FeatureDocument, WindowStatistic } from '../feature-document.js';
import { PARQUET } from '../tables/write-rows.js';
import { windowColumn, windowColumns } from './aligned-columns.js';

export interface WindowsOptions {
  readonly database: Database;
  readonly document: FeatureDocument;
  readonly groupColumns: readonly Column[];
  /** The Parquet file of the aligned rows. */
  readonly aligned: string;
  readonly to: string;
}

const FUNCTIONS: Readonly<Record<WindowStatistic, string>> = {
  mean: 'avg',
  std: 'stddev_samp',
  min: 'min',
  max: 'max',
};

/**
 * Writes a row for each window of `length` rows of one segment, at the place of its last. A statistic is null where one of
 * its rows is.
 */
export async function writeWindows({ database, document, groupColumns, aligned, to }: WindowsOptions): Promise<void> {
  const { length, stride } = document.window!;
  const names = windowColumns(document, groupColumns).map(({ name }) => name);
  const made = new Map(
    document.features.flatMap(({ name }) =>
      document.window_statistics.map((statistic) => [windowColumn(name, statistic), over(name, statistic, length)]),
    ),
  );
  made.set('lookback_ns', `t_mono_ns - first_value(t_mono_ns - lookback_ns) OVER w AS lookback_ns`);
  await database.run(
    `COPY (
      SELECT ${names.map(quoteName).join(', ')} FROM (
        SELECT ${names.map((name) => made.get(name) ?? quoteName(name)).join(', ')},
          row_number() OVER (PARTITION BY episode_id, segment ORDER BY step) AS _nth
        FROM read_parquet(${fileList([aligned])}, hive_partitioning = false)
        WHERE segment IS NOT NULL
        WINDOW w AS (PARTITION BY episode_id, segment ORDER BY step ROWS ${length - 1} PRECEDING)
      )
      WHERE _nth >= ${length} AND (_nth - ${length}) % ${stride} = 0
      ORDER BY episode_id, step
    ) TO ${quoteText(to)} (${PARQUET})`,
  );
}

function over(name: string, statistic: WindowStatistic, length: number): string {
  const value = quoteName(name);
  return `CASE WHEN count(${value}) OVER w = ${length} THEN ${FUNCTIONS[statistic]}(${value}) OVER w END AS ${quoteName(windowColumn(name, statistic))}`;
}
