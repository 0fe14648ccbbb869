import type { Table } from '../../dataset-document.js';
import { quoteName } from '../../duckdb/sql.js';
import type { NearDuplicate } from '../audit-report.js';
import { type DatasetFolder, relationOf } from '../dataset-folder.js';
import { rounded } from '../in-words.js';
import type { Reader } from '../reader.js';

/** Two episodes that have nothing to do with one another are 1.4 apart. */
const NEAR = 0.1;
const TRAIN = 'train';

interface Episode {
  readonly id: string;
  readonly split: string;
  /** Mean and standard deviation of each feature over its rows; null where it has none. */
  readonly vector: readonly (number | null)[];
}

/**
 * Episodes on two sides that are all but the same: each is the vector of its features' means and deviations, measured in
 * standard deviations between the episodes of train. The nearest first.
 */
export async function findNearDuplicates(
  reader: Reader,
  folder: DatasetFolder,
  { aligned, features }: { readonly aligned: Table; readonly features: readonly string[] },
): Promise<NearDuplicate[]> {
  const statistics = features.flatMap((name, i) => [
    `avg(${quoteName(name)}) AS m${i}`,
    `stddev_pop(${quoteName(name)}) AS s${i}`,
  ]);
  const rows = await reader.all(
    `SELECT episode_id, split, ${statistics.join(', ')} FROM ${relationOf(folder, aligned)} GROUP BY episode_id, split
     ORDER BY episode_id, split`,
  );
  const episodes = standardised(
    rows.map((row) => ({
      id: String(row.episode_id),
      split: String(row.split),
      vector: features.flatMap((_, i) => [finite(row[`m${i}`]), finite(row[`s${i}`])]),
    })),
  );
  const found: NearDuplicate[] = [];
  for (const [i, a] of episodes.entries()) {
    for (let j = i + 1; j < episodes.length; j++) {
      const b = episodes[j]!;
      if (a.split === b.split || a.id === b.id) continue;
      const distance = distanceOf(a.vector, b.vector);
      if (distance < NEAR)
        found.push({ episodes: [a.id, b.id], splits: [a.split, b.split], distance: rounded(distance) });
    }
  }
  return found.sort((a, b) => a.distance - b.distance);
}

function finite(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** Without what is the same in all. What train alone has the same in all is measured by all episodes. */
function standardised(episodes: readonly Episode[]): Episode[] {
  const train = episodes.filter(({ split }) => split === TRAIN);
  const dimensions = (episodes[0]?.vector ?? []).flatMap((_, dimension) => {
    const scale = deviation(train, dimension) || deviation(episodes, dimension);
    return scale > 0 ? [{ dimension, scale }] : [];
  });
  return episodes.map((episode) => ({
    ...episode,
    vector: dimensions.map(({ dimension, scale }) => {
      const value = episode.vector[dimension]!;
      return value === null ? null : value / scale;
    }),
  }));
}

function deviation(episodes: readonly Episode[], dimension: number): number {
  const values = episodes.map(({ vector }) => vector[dimension]!).filter((value) => value !== null);
  const mean = values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length));
}

/** Infinity as soon as it is clear that they are not near: most pairs are told apart by their first few features. */
function distanceOf(a: readonly (number | null)[], b: readonly (number | null)[]): number {
  if (a.length === 0) return Number.POSITIVE_INFINITY;
  const most = NEAR ** 2 * a.length;
  let sum = 0;
  for (let i = 0; i < a.length && sum < most; i++) {
    const [x, y] = [a[i]!, b[i]!];
    if (x === null || y === null) sum += x === y ? 0 : 1;
    else sum += (x - y) ** 2;
  }
  return sum < most ? Math.sqrt(sum / a.length) : Number.POSITIVE_INFINITY;
}
