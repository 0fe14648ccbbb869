import type { Table } from '../../dataset-document.js';
import { quoteName } from '../../duckdb/sql.js';
import type { NearDuplicate, Told } from '../audit-report.js';
import { type DatasetFolder, relationOf } from '../dataset-folder.js';
import { percent, rounded } from '../in-words.js';
import type { EpisodeRow } from '../observations.js';
import type { Reader } from '../reader.js';
import { heldOut } from './check-splits.js';

const TRAIN = 'train';
/** Rows of an idle machine, in a view of few features, may be alike to the last digit. */
const EQUAL_ROWS_LIMIT = 0.05;

export function checkNearDuplicates(episodes: readonly EpisodeRow[], found: readonly NearDuplicate[]): Told {
  const near = new Set(found.flatMap(({ episodes: ids, splits }) => ids.filter((_, i) => splits[i] !== TRAIN)));
  return heldOut('near_duplicates', [...near].sort(), {
    episodes,
    found: 'are all but the same as one in another split, by mean and deviation of each feature',
    none: 'No two episodes of different splits are all but the same.',
  });
}

/** Rows outside train that are in another split as well, the same in every feature. */
export async function checkEqualRows(
  reader: Reader,
  folder: DatasetFolder,
  { aligned, features }: { readonly aligned: Table; readonly features: readonly string[] },
): Promise<Told> {
  const [row] = await reader.all(
    `WITH hashed AS (SELECT split, hash(${features.map(quoteName).join(', ')}) AS row_hash FROM ${relationOf(folder, aligned)}),
       shared AS (SELECT row_hash FROM hashed GROUP BY row_hash HAVING count(DISTINCT split) > 1)
     SELECT count(*) AS all_rows, count(*) FILTER (row_hash IN (FROM shared)) AS equal_rows
     FROM hashed WHERE split <> '${TRAIN}'`,
  );
  const [n, equal] = [Number(row!.all_rows), Number(row!.equal_rows)];
  const base = { name: 'equal_rows', measure: 'share' as const, against: null, p: null, n, limit: EQUAL_ROWS_LIMIT };
  if (n === 0)
    return {
      ...base,
      value: null,
      score: null,
      status: 'not_told',
      sentence: 'equal_rows: nothing is held out of training.',
    };
  const share = rounded(equal / n);
  const isLeak = equal / n > EQUAL_ROWS_LIMIT;
  const sentence = `${equal} of ${n} rows outside train (${percent(equal / n)}) are in another split as well, the same in every feature.`;
  return { ...base, value: share, score: share, status: isLeak ? 'leak' : 'ok', sentence };
}
