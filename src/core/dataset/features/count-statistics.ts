import type { Database } from '../duckdb/database.js';
import { fileList, quoteName } from '../duckdb/sql.js';
import type { Feature, FeatureStatistics } from '../feature-document.js';

/** What an aligned file says of each feature. Of the split `train` alone: a model's scaling must not know the others. */
export async function countStatistics(
  database: Database,
  features: readonly Feature[],
  aligned: string,
): Promise<Feature[]> {
  const counts = features.flatMap(({ name }, i) => {
    const value = quoteName(name);
    return [
      `count(${value}) AS n${i}`,
      `avg(${value}) AS mean${i}`,
      `stddev_samp(${value}) AS std${i}`,
      `min(${value}) AS min${i}`,
      `max(${value}) AS max${i}`,
    ];
  });
  const [row] = await database.all(
    `SELECT count(*) AS total, ${counts.join(', ')} FROM read_parquet(${fileList([aligned])}, hive_partitioning = false)`,
  );
  return features.map((feature, i) => ({ ...feature, statistics: statisticsIn(row!, i) }));
}

function statisticsIn(row: Readonly<Record<string, unknown>>, i: number): FeatureStatistics {
  const total = Number(row.total);
  const number = (key: string) => (row[`${key}${i}`] === null ? null : Number(row[`${key}${i}`]));
  return {
    rows: total,
    nulls: total - Number(row[`n${i}`]),
    mean: number('mean'),
    std: number('std'),
    min: number('min'),
    max: number('max'),
  };
}
