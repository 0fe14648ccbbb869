import { CisError } from '../../errors/cis-error.js';
import type { Unit } from './balance.js';
import { buildDocument } from './build-document.js';
import { shareOf, type Totals, totalsOf, unitOf } from './class-weights.js';
import { cutByTime } from './cut-by-time.js';
import { type Group, groupEpisodes, type SplitEpisode } from './group-episodes.js';
import type { GroupKey } from './group-keys.js';
import { orderByDraw, orderByTime } from './order-groups.js';
import type { Ratio } from './parse-ratios.js';
import { canSearchAll, searchAll } from './search-all.js';
import { searchNear } from './search-near.js';
import { type Lack, lacksClass, tooFewGroups } from './split-error.js';
import type { SplitBy, SplitsDocument } from './splits-document.js';

export interface SplitRequest {
  readonly episodes: readonly SplitEpisode[];
  /** As `parseRatios` reads them; UNSPLIT puts all into train. */
  readonly ratios: readonly Ratio[];
  readonly by: SplitBy;
  /** With `time` as well: empty, if whole groups were not asked for. */
  readonly groupBy: readonly GroupKey[];
  /** 0 to 2^32 - 1: decides between what is equally good. */
  readonly seed: number;
}

export interface SplitAssignment {
  /** The split of each episode, by its id. */
  readonly splits: ReadonlyMap<string, string>;
  /** The group of each episode, by its id. */
  readonly groups: ReadonlyMap<string, string>;
  /** With the proof that no member stands on two sides. */
  readonly document: SplitsDocument;
}

/**
 * Puts each episode on one side: groups as a whole, so that what a split has of each class comes as close to its ratio as
 * can be, and each split has each class. The same episodes give the same splits on any machine, however they are sorted.
 * Throws SPLIT_IMPOSSIBLE, with what is lacking.
 */
export function assignSplits(request: SplitRequest): SplitAssignment {
  const { episodes, ratios, by, groupBy, seed } = request;
  const groups = groupEpisodes(episodes, groupBy);
  const totals = totalsOf(episodes);
  const splits = ratios.map(({ split }) => split);
  requireSplittable(groups, totals, request);
  const ordered = by === 'time' ? orderByTime(groups) : orderByDraw(groups, seed);
  const units = ordered.map((group) => unitOf(group, totals));
  const places = place(units, { ...request, weights: ordered.map((group) => shareOf(group, totals)) });
  const lacks = lacksOf(units, places, splits, [...totals.keys()]);
  if (lacks.length > 0) throw lacksClass(lacks, { splits, groups, by, groupBy });
  const placed = new Map(ordered.map(({ id }, i) => [id, splits[places[i]!]!]));
  return {
    splits: ofEpisodes(groups, ({ id }) => placed.get(id)!),
    groups: ofEpisodes(groups, ({ id }) => id),
    document: buildDocument({ groups, placed, ratios, totals, options: { by, group_by: groupBy, seed } }),
  };
}

function requireSplittable(groups: readonly Group[], totals: Totals, { ratios, by, groupBy }: SplitRequest): void {
  const splits = ratios.map(({ split }) => split);
  if (groups.length < splits.length) throw tooFewGroups({ splits, groups, by, groupBy });
  if (totals.size === 0 && splits.length > 1)
    throw new CisError('SPLIT_IMPOSSIBLE', 'no episode has a class, so there is nothing to split them by', {
      hint: 'Give phases a label, or finished episodes with "cis490 episode label"; without --split all is train.',
    });
}

/** The split of each unit. */
function place(
  units: readonly Unit[],
  { by, ratios, weights }: Pick<SplitRequest, 'by' | 'ratios'> & { readonly weights: readonly number[] },
): number[] {
  const parts = ratios.map(({ percent }) => percent / 100);
  if (parts.length === 1) return units.map(() => 0);
  if (by === 'time') return cutByTime(units, weights, parts);
  return canSearchAll(units.length, parts.length) ? searchAll(units, parts) : searchNear(units, parts);
}

function lacksOf(
  units: readonly Unit[],
  places: readonly number[],
  splits: readonly string[],
  labels: readonly string[],
): Lack[] {
  return splits.flatMap((split, side) =>
    labels.flatMap((label, index) => {
      const having = units.map((unit, i) => ({ unit, place: places[i] })).filter(({ unit }) => unit.shares[index]! > 0);
      return having.some(({ place }) => place === side) ? [] : [{ split, label, having: having.length }];
    }),
  );
}

function ofEpisodes(groups: readonly Group[], of: (group: Group) => string): Map<string, string> {
  return new Map(groups.flatMap((group) => group.episodes.map(({ id }) => [id, of(group)] as const)));
}
