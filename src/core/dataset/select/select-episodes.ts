import { CisError } from '../../errors/cis-error.js';
import { errorMessage } from '../../errors/describe-error.js';
import type { Grade } from '../../grade/verdict.js';
import type { SchemaRegistry } from '../../schemas/schema-registry.js';
import type { ExcludedEpisode } from '../dataset-document.js';
import type { EpisodeInput } from './episode-input.js';
import { findFolders, type Places } from './find-folders.js';
import { loadEpisode } from './load-episode.js';

/** From the best to the worst. */
export const GRADES: readonly Grade[] = ['ok', 'degraded', 'invalid'];

export interface Selection {
  /** In the order of their ids. */
  readonly episodes: readonly EpisodeInput[];
  readonly excluded: readonly ExcludedEpisode[];
}

export interface SelectOptions extends Places {
  readonly args: readonly string[];
  readonly minGrade: Grade;
  readonly schemas: SchemaRegistry;
}

/**
 * The episodes that may be used: finished, unchanged since, and of a grade that passes. Throws EPISODE_NOT_FOUND,
 * DATASET_DUPLICATE where two have one id, and DATASET_EMPTY where none is left.
 */
export async function selectEpisodes({ args, minGrade, schemas, ...places }: SelectOptions): Promise<Selection> {
  const episodes: EpisodeInput[] = [];
  const excluded: ExcludedEpisode[] = [];
  for (const path of findFolders(args, places)) {
    try {
      const episode = await loadEpisode(path, schemas);
      requireGrade(episode, minGrade);
      episodes.push(episode);
    } catch (error) {
      excluded.push({ id: path.split('/').at(-1)!, path, why: errorMessage(error) });
    }
  }
  requireDistinct(episodes);
  if (episodes.length === 0)
    throw new CisError('DATASET_EMPTY', 'no episode is left to make a data set of', {
      problems: excluded.map(({ path, why }) => `${path}: ${why}`),
    });
  return { episodes, excluded };
}

function requireGrade({ grade, meta }: EpisodeInput, minGrade: Grade): void {
  if (GRADES.indexOf(grade) <= GRADES.indexOf(minGrade)) return;
  const recovered = meta.recovered === true ? ', recovered after its recorder died' : '';
  throw new Error(`its grade is ${grade}${recovered}; --min-grade ${minGrade} asks for more`);
}

function requireDistinct(episodes: readonly EpisodeInput[]): void {
  for (const [i, { id, path }] of episodes.entries()) {
    const other = episodes[i + 1];
    if (other?.id === id)
      throw new CisError('DATASET_DUPLICATE', `two episodes have the id ${id}: ${path} and ${other.path}`);
  }
}
