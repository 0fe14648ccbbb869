import { join } from 'node:path';
import type { Database } from '../duckdb/database.js';
import type { DraftFolder } from '../publish/draft-folder.js';
import { partOf, type TablePlan } from '../publish/table-files.js';
import type { PlacedEpisode } from '../split/place-episodes.js';
import { EPISODE_COLUMNS, LABEL_COLUMNS } from './episode-columns.js';
import { EVENT_COLUMNS, writeEvents, writeTold } from './episode-tables.js';

const EPISODES: TablePlan = {
  name: 'episodes',
  kind: 'episodes',
  view: null,
  path: 'tables/episodes',
  description: 'What was recorded: a row an episode. Nothing of it is a feature.',
  columns: EPISODE_COLUMNS.map(({ column }) => column),
};

const LABELS: TablePlan = {
  name: 'labels',
  kind: 'labels',
  view: null,
  path: 'tables/labels',
  description: 'From when to when each label holds, in its latest revision: closed intervals without gaps.',
  columns: LABEL_COLUMNS.map(({ column }) => column),
};

const EVENTS: TablePlan = {
  name: 'events',
  kind: 'events',
  view: null,
  path: 'tables/events',
  description: 'What happened: starts, exits, missed ticks, signals.',
  columns: EVENT_COLUMNS,
};

/** Writes what is known of the episodes of a split, whatever the view. Throws DuckDB's error. */
export async function writeEpisodeTables(
  database: Database,
  draft: DraftFolder,
  placed: readonly PlacedEpisode[],
  split: string,
): Promise<void> {
  const scratch = join(draft.scratch, 'told.jsonl');
  const part = ({ path }: TablePlan) => draft.file(partOf(path, split));
  await writeTold(database, placed, EPISODE_COLUMNS, { scratch, to: part(EPISODES) });
  const intervals = placed.flatMap(({ episode: { id, intervals } }) =>
    intervals.map((interval) => ({ ...interval, id })),
  );
  await writeTold(database, intervals, LABEL_COLUMNS, { scratch, to: part(LABELS) });
  await writeEvents(
    database,
    placed.map(({ episode }) => episode),
    part(EVENTS),
  );
}

export const EPISODE_TABLES: readonly TablePlan[] = [EPISODES, LABELS, EVENTS];
