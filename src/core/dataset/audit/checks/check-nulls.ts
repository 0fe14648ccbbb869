import type { Table } from '../../dataset-document.js';
import { quoteName } from '../../duckdb/sql.js';
import type { Told } from '../audit-report.js';
import { type DatasetFolder, relationOf } from '../dataset-folder.js';
import { percent } from '../in-words.js';
import type { Holder, Weighted } from '../measure/holder.js';
import { judgeCategories } from '../measure/judge.js';
import type { Observations } from '../observations.js';
import type { Reader } from '../reader.js';

interface Nulls {
  readonly aligned: Table;
  readonly features: readonly string[];
  readonly observations: Observations;
  readonly limit: number;
}

/** Whether which features are null in a row tells its label. */
export async function checkNulls(reader: Reader, folder: DatasetFolder, nulls: Nulls): Promise<Told> {
  const { aligned, features, observations, limit } = nulls;
  const { classes, episodes, pairs } = observations;
  const relation = relationOf(folder, aligned);
  const bits = features.map((name) => `(${quoteName(name)} IS NULL)::TINYINT`).join(', ');
  const rows = await reader.all(
    `SELECT episode_id, label, md5(concat(${bits})) AS pattern, count(*) AS rows FROM ${relation}
     WHERE label IS NOT NULL GROUP BY ALL ORDER BY ALL`,
  );
  const byPair = new Map<string, Weighted<string>[]>();
  const keyOf = (episode: string, label: string) => `${episode} ${label}`;
  for (const { episode_id, label, pattern, rows: count } of rows) {
    const key = keyOf(String(episode_id), String(label));
    byPair.set(key, [...(byPair.get(key) ?? []), { value: String(pattern), weight: Number(count) }]);
  }
  const holders = pairs.map(
    ({ episode, label, rows: all }): Holder<string> => ({
      labels: classes.map((_, other) => Number(other === label)),
      values: byPair
        .get(keyOf(episodes[episode]!.episode_id, classes[label]!))!
        .map(({ value, weight }) => ({ value, weight: weight / all })),
    }),
  );
  const subject = { name: 'null_pattern', title: 'which features are null', against: 'label' as const, limit, classes };
  const told = judgeCategories(subject, holders);
  if (told.status !== 'leak') return told;
  return judgeCategories({ ...subject, detail: await mostDifferent(reader, relation, features) }, holders);
}

/** The feature whose nulls differ most between the classes. */
async function mostDifferent(reader: Reader, relation: string, features: readonly string[]): Promise<string> {
  const shares = features.map((name, i) => `avg((${quoteName(name)} IS NULL)::TINYINT) AS f${i}`).join(', ');
  const rows = await reader.all(
    `SELECT label, ${shares} FROM ${relation} WHERE label IS NOT NULL GROUP BY label ORDER BY label`,
  );
  const ranges = features.map((name, i) => {
    const sorted = rows
      .map((row) => ({ label: String(row.label), share: Number(row[`f${i}`]) }))
      .sort((a, b) => b.share - a.share);
    return { name, most: sorted[0]!, least: sorted.at(-1)! };
  });
  const { name, most, least } = ranges.reduce((best, other) =>
    other.most.share - other.least.share > best.most.share - best.least.share ? other : best,
  );
  return `${name} is null in ${percent(most.share)} of the rows of ${most.label} and ${percent(least.share)} of those of ${least.label}`;
}
