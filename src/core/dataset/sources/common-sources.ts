import { CisError } from '../../errors/cis-error.js';
import type { ExcludedEpisode, View } from '../dataset-document.js';
import type { EpisodeInput } from '../select/episode-input.js';
import { rowSpec } from './row-spec.js';
import { inputOf, type SourceSpec, sourceSpec } from './source-spec.js';
import { isInView } from './visible-fields.js';

export interface CommonSources {
  /** In the order of their names. */
  readonly sources: readonly SourceSpec[];
  readonly episodes: readonly EpisodeInput[];
  readonly excluded: readonly ExcludedEpisode[];
}

export interface CommonSourcesOptions {
  readonly views: readonly View[];
  /** These alone; undefined: every source that a view holds something of. */
  readonly names: readonly string[] | undefined;
  /** Leaves out episodes that lack one, instead of throwing. */
  readonly skipIncomplete: boolean;
}

/**
 * The sources that a data set is made of: each episode has all of them. Else null patterns would tell the episodes, and
 * so their labels, apart. Throws DATASET_SOURCES_DIFFER and DATASET_NO_FEATURES.
 */
export function commonSources(episodes: readonly EpisodeInput[], options: CommonSourcesOptions): CommonSources {
  const names = options.names === undefined ? namesIn(episodes, options.views) : [...new Set(options.names)].sort();
  if (names.length === 0)
    throw new CisError('DATASET_NO_FEATURES', `no episode has a source for the ${options.views.join(' and ')} view`);
  requireKnown(names, episodes);
  const [whole, incomplete] = partition(episodes, names);
  if (whole.length === 0 || (incomplete.length > 0 && !options.skipIncomplete)) throw lacking(incomplete, episodes);
  const sources = names.map((name) => sourceSpec(name, whole));
  for (const view of options.views) requireAny(sources, view);
  return {
    sources,
    episodes: whole,
    excluded: incomplete.map(({ episode: { id, path }, lacks }) => ({
      id,
      path,
      why: `it has no rows of ${lacks.join(', ')}`,
    })),
  };
}

/** A name that no episode knows is a slip of the pen, and not the episodes' fault. */
function requireKnown(names: readonly string[], episodes: readonly EpisodeInput[]): void {
  const known = new Set(episodes.flatMap(({ sources }) => sources.map(({ source }) => source)));
  const unknown = names.find((name) => !known.has(name));
  if (unknown === undefined) return;
  throw new CisError(
    'DATASET_SOURCES_DIFFER',
    `no episode has rows of "${unknown}"; there are ${[...known].sort().join(', ')}`,
    { hint: 'Choose sources with --source.' },
  );
}

function namesIn(episodes: readonly EpisodeInput[], views: readonly View[]): string[] {
  const names = episodes.flatMap(({ sources }) =>
    sources
      .filter(({ isDeployable, rowSchema }) =>
        views.some((view) => isInView({ isDeployable, row: rowSpec(rowSchema) }, view)),
      )
      .map(({ source }) => source),
  );
  return [...new Set(names)].sort();
}

interface Incomplete {
  readonly episode: EpisodeInput;
  readonly lacks: readonly string[];
}

function partition(episodes: readonly EpisodeInput[], names: readonly string[]): [EpisodeInput[], Incomplete[]] {
  const all = episodes.map((episode) => ({
    episode,
    lacks: names.filter((name) => inputOf(episode, name) === undefined),
  }));
  return [
    all.filter(({ lacks }) => lacks.length === 0).map(({ episode }) => episode),
    all.filter(({ lacks }) => lacks.length > 0),
  ];
}

function lacking(incomplete: readonly Incomplete[], { length }: readonly EpisodeInput[]): CisError {
  return new CisError(
    'DATASET_SOURCES_DIFFER',
    `${incomplete.length} of ${length} episodes lack rows of a source that others have`,
    { problems: incomplete.map(({ episode, lacks }) => `${episode.id} has no rows of ${lacks.join(', ')}`) },
  );
}

function requireAny(sources: readonly SourceSpec[], view: View): void {
  if (sources.some((source) => isInView(source, view))) return;
  throw new CisError(
    'DATASET_NO_FEATURES',
    `the ${view} view would be empty: ${sources.map(({ source }) => source).join(', ')} has nothing for it`,
  );
}
