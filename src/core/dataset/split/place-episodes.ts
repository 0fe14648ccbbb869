import type { DatasetOptions } from '../dataset-options.js';
import { NO_CLASS } from '../features/label-spans.js';
import type { EpisodeInput } from '../select/episode-input.js';
import { assignSplits } from './assign-splits.js';
import type { SplitEpisode } from './group-episodes.js';
import type { Members } from './group-keys.js';
import { membersOf } from './members-of.js';
import type { SplitsDocument } from './splits-document.js';

export interface PlacedEpisode {
  readonly episode: EpisodeInput;
  readonly split: string;
  readonly group: string;
  readonly members: Members;
}

export interface PlacedEpisodes {
  /** In the order of their ids. */
  readonly placed: readonly PlacedEpisode[];
  /** In their order. */
  readonly splits: readonly string[];
  readonly document: SplitsDocument;
}

/** Gives each episode its split, by how long it has each label that can be trained on. Throws SPLIT_IMPOSSIBLE. */
export function placeEpisodes(episodes: readonly EpisodeInput[], options: DatasetOptions): PlacedEpisodes {
  const { ratios, splitBy, groupBy, seed, keepResidual } = options;
  const { splits, groups, document } = assignSplits({
    episodes: episodes.map((episode) => splitEpisode(episode, keepResidual)),
    ratios,
    by: splitBy,
    groupBy,
    seed,
  });
  const placed = episodes.map((episode) => ({
    episode,
    split: splits.get(episode.id)!,
    group: groups.get(episode.id)!,
    members: membersOf(episode.meta),
  }));
  return { placed, splits: ratios.map(({ split }) => split), document };
}

function splitEpisode({ id, meta, intervals }: EpisodeInput, keepResidual: boolean): SplitEpisode {
  const weights: Record<string, number> = {};
  for (const { label, startNs, endNs, isResidual } of intervals) {
    if (NO_CLASS.includes(label) || (isResidual && !keepResidual)) continue;
    weights[label] = (weights[label] ?? 0) + (endNs - startNs) / 1e9;
  }
  return { id, startNs: BigInt(meta.clocks.origin_realtime_ns ?? 0), members: membersOf(meta), weights };
}
