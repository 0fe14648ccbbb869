import { type Totals, weightOf } from './class-weights.js';
import type { Group, SplitEpisode } from './group-episodes.js';
import { GROUP_KEYS, type GroupKey } from './group-keys.js';
import type { Ratio } from './parse-ratios.js';
import { countShared, proveDisjoint } from './prove-disjoint.js';
import {
  type ClassCount,
  SPLITS_SCHEMA_VERSION,
  type SplitGroup,
  type SplitSide,
  type SplitsDocument,
  type SplitsOptions,
} from './splits-document.js';

interface Assigned {
  readonly groups: readonly Group[];
  /** The split of each group, by its id. */
  readonly placed: ReadonlyMap<string, string>;
  readonly ratios: readonly Ratio[];
  readonly totals: Totals;
  readonly options: Pick<SplitsOptions, 'by' | 'group_by' | 'seed'>;
}

/** What splits.json says of an assignment. Throws if a member stands on two sides. */
export function buildDocument({ groups, placed, ratios, totals, options }: Assigned): SplitsDocument {
  const { by, group_by: groupBy, seed } = options;
  const episodes = groups.flatMap((group) =>
    group.episodes.map((episode) => ({ ...episode, split: placed.get(group.id)! })),
  );
  return {
    schema_version: SPLITS_SCHEMA_VERSION,
    options: { by, percent: ratios.map(({ percent }) => percent), group_by: groupBy, seed },
    splits: ratios.map((ratio) => sideOf(ratio, { groups, placed, totals })),
    groups: groups.map((group) => documentGroup(group, placed.get(group.id)!, groupBy)),
    overlaps: proveDisjoint(episodes, groupBy),
    shared: countShared(
      episodes,
      GROUP_KEYS.filter((key) => !groupBy.includes(key)),
    ),
  };
}

function sideOf(
  { split, percent }: Ratio,
  { groups, placed, totals }: Pick<Assigned, 'groups' | 'placed' | 'totals'>,
): SplitSide {
  const own = groups.filter(({ id }) => placed.get(id) === split);
  const episodes = own.flatMap((group) => group.episodes);
  const classes = [...totals].map(([label, total]) => [label, countOf(episodes, label, total)] as const);
  return {
    name: split,
    percent,
    groups: own.length,
    episodes: episodes.length,
    classes: Object.fromEntries(classes),
  };
}

function countOf(episodes: readonly SplitEpisode[], label: string, total: number): ClassCount {
  const weights = episodes.map((episode) => weightOf(episode, label)).filter((weight) => weight > 0);
  const seconds = weights.reduce((a, b) => a + b, 0);
  return { episodes: weights.length, seconds: rounded(seconds, 3), share: rounded(seconds / total, 6) };
}

function documentGroup({ id, episodes }: Group, split: string, groupBy: readonly GroupKey[]): SplitGroup {
  const membersOf = (key: GroupKey) => episodes.map(({ members }) => members[key]).filter((member) => member !== null);
  const members = groupBy.map((key) => [key, [...new Set(membersOf(key))].sort()] as const);
  return { id, split, episodes: episodes.map((episode) => episode.id), members: Object.fromEntries(members) };
}

const rounded = (value: number, decimals: number): number => Number(value.toFixed(decimals));
