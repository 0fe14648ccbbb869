import type { Table } from '../dataset-document.js';
import { type DatasetFolder, relationOf, tableOf, unreadable } from './dataset-folder.js';
import type { Reader } from './reader.js';

/** A row of tables/episodes, and its split. */
export type EpisodeRow = Readonly<Record<string, unknown>> & { readonly episode_id: string; readonly split: string };

/** What one episode has of one label: the unit in which the audit counts. */
interface Pair {
  readonly episode: number;
  readonly label: number;
  readonly rows: number;
}

/** A closed interval of tables/labels. */
export interface Interval {
  readonly episode: number;
  readonly label: number;
  /** From 1, within its episode. */
  readonly position: number;
  readonly durationNs: number;
}

/** Everything small that the audit looks at; rows stay in the database. */
export interface Observations {
  readonly classes: readonly string[];
  /** Those with aligned rows, by id. */
  readonly episodes: readonly EpisodeRow[];
  readonly pairs: readonly Pair[];
  /** Of the classes. */
  readonly intervals: readonly Interval[];
}

/** Reads them. `aligned` is the view's table. Throws DATASET_UNREADABLE if the tables do not fit together. */
export async function observe(reader: Reader, folder: DatasetFolder, aligned: Table): Promise<Observations> {
  const rows = await reader.all(
    `SELECT episode_id, label, count(*) AS rows FROM ${relationOf(folder, aligned)} WHERE label IS NOT NULL
     GROUP BY ALL ORDER BY ALL`,
  );
  const classes = [...new Set(rows.map(({ label }) => String(label)))].sort();
  const having = new Set(rows.map(({ episode_id }) => String(episode_id)));
  const episodes = (
    (await reader.all(
      `SELECT * FROM ${relationOf(folder, tableOf(folder, 'episodes'))} ORDER BY episode_id`,
    )) as EpisodeRow[]
  ).filter(({ episode_id }) => having.has(episode_id));
  const indexOf = new Map(episodes.map(({ episode_id }, index) => [episode_id, index]));
  const pairs = rows.map(({ episode_id, label, rows: count }) => {
    const episode = indexOf.get(String(episode_id));
    if (episode === undefined)
      throw unreadable(`aligned has rows of the episode ${String(episode_id)}, which tables/episodes lacks`);
    return { episode, label: classes.indexOf(String(label)), rows: Number(count) };
  });
  return { classes, episodes, pairs, intervals: await readIntervals(reader, folder, { classes, indexOf }) };
}

async function readIntervals(
  reader: Reader,
  folder: DatasetFolder,
  { classes, indexOf }: { readonly classes: readonly string[]; readonly indexOf: ReadonlyMap<string, number> },
): Promise<Interval[]> {
  const rows = await reader.all(
    `SELECT episode_id, label, row_number() OVER (PARTITION BY episode_id ORDER BY start_ns, position) AS place,
       end_ns - start_ns AS duration_ns
     FROM ${relationOf(folder, tableOf(folder, 'labels'))} WHERE end_ns > start_ns ORDER BY episode_id, place`,
  );
  return rows
    .filter(({ episode_id, label }) => indexOf.has(String(episode_id)) && classes.includes(String(label)))
    .map(({ episode_id, label, place, duration_ns }) => ({
      episode: indexOf.get(String(episode_id))!,
      label: classes.indexOf(String(label)),
      position: Number(place),
      durationNs: Number(duration_ns),
    }));
}
