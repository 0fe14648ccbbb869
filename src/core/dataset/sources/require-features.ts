import { CisError } from '../../errors/cis-error.js';
import type { FeatureDocument } from '../feature-document.js';
import type { EpisodeInput } from '../select/episode-input.js';
import { rowSpec } from './row-spec.js';
import { inputOf } from './source-spec.js';

/**
 * Each episode has what each feature is made of, in the version that it was made for, and a deployable view's sources are
 * deployable. Throws DATASET_SOURCES_DIFFER with all that is missing.
 */
export function requireFeatures(document: FeatureDocument, episodes: readonly EpisodeInput[]): void {
  const problems = episodes.flatMap((episode) => lacks(document, episode).map((what) => `${episode.id} ${what}`));
  if (problems.length === 0) return;
  throw new CisError('DATASET_SOURCES_DIFFER', 'the episodes are not what these features are made of', {
    problems,
    hint: 'Record with the collectors that features.json names, in the same versions, or leave these episodes out.',
  });
}

function lacks({ view, sources, features }: FeatureDocument, episode: EpisodeInput): string[] {
  return sources.flatMap(({ source, row_version: rowVersion }) => {
    const input = inputOf(episode, source);
    if (input === undefined) return [`has no rows of ${source}`];
    if (input.rowVersion !== rowVersion)
      return [`has rows of ${source} in version ${input.rowVersion}, not ${rowVersion}`];
    if (view === 'deployable' && !input.isDeployable)
      return [`has rows of ${source} that no deployed device has (vantage ${input.vantage})`];
    const { own } = rowSpec(input.rowSchema);
    const missing = features
      .filter((feature) => feature.source === source)
      .filter(({ field, item }) => {
        const found = own.find(({ name }) => name === field);
        return found === undefined || (item !== null && !found.items.some(({ name }) => name === item));
      });
    return missing.length === 0 ? [] : [`has no column ${missing[0]!.field} in ${source}`];
  });
}
