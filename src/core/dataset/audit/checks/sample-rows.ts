import type { Table } from '../../dataset-document.js';
import { quoteName } from '../../duckdb/sql.js';
import { type DatasetFolder, relationOf } from '../dataset-folder.js';
import { evenly, type Holder } from '../measure/holder.js';
import type { Observations } from '../observations.js';
import type { Reader } from '../reader.js';

/** Rows of all pairs together; of each pair at least MIN, at most MAX. An AUC of that many is exact to half a percent. */
const ROWS = 20_000;
const [MIN, MAX] = [5, 100];

/** Some rows of each pair, evenly spread over its time: the same ones each time. */
export interface RowSample {
  /** By pair, the values of a column that are not null; pairs without any are left out. */
  holders(column: string): Holder<number>[];
}

/** Of the aligned table, with the given features. */
export async function sampleRows(
  reader: Reader,
  folder: DatasetFolder,
  { aligned, features, observations }: { aligned: Table; features: readonly string[]; observations: Observations },
): Promise<RowSample> {
  const { classes, episodes, pairs } = observations;
  const most = Math.min(MAX, Math.max(MIN, Math.floor(ROWS / Math.max(1, pairs.length))));
  const relation = relationOf(folder, aligned);
  const columns = ['t_mono_ns', ...features];
  const rows = await reader.all(
    `WITH placed AS (
       SELECT episode_id, step, label,
         row_number() OVER (PARTITION BY episode_id, label ORDER BY step) - 1 AS place,
         count(*) OVER (PARTITION BY episode_id, label) AS all_rows
       FROM ${relation} WHERE label IS NOT NULL
     ), chosen AS (
       SELECT episode_id, step, label FROM placed
       WHERE all_rows <= ${most} OR place * ${most} // all_rows <> (place - 1) * ${most} // all_rows OR place = 0
     )
     SELECT episode_id, label, ${columns.map(quoteName).join(', ')}
     FROM ${relation} SEMI JOIN chosen USING (episode_id, step, label) ORDER BY episode_id, label, step`,
  );
  const byPair = new Map<string, Record<string, unknown>[]>();
  for (const row of rows) {
    const key = `${String(row.episode_id)} ${String(row.label)}`;
    const list = byPair.get(key);
    if (list === undefined) byPair.set(key, [row]);
    else list.push(row);
  }
  return {
    holders: (column) =>
      pairs.flatMap(({ episode, label }) => {
        const own = byPair.get(`${episodes[episode]!.episode_id} ${classes[label]}`) ?? [];
        const values = own.flatMap(({ [column]: value }) => (isNumber(value) ? [Number(value)] : []));
        if (values.length === 0) return [];
        return [{ labels: classes.map((_, other) => Number(other === label)), values: evenly(values) }];
      }),
  };
}

/** NaN has no place in an order. */
function isNumber(value: unknown): boolean {
  return typeof value === 'bigint' || (typeof value === 'number' && !Number.isNaN(value));
}
