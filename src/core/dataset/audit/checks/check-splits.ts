import type { GroupKey } from '../../split/group-keys.js';
import { findOverlaps } from '../../split/prove-disjoint.js';
import type { SplitsDocument } from '../../split/splits-document.js';
import type { Told } from '../audit-report.js';
import { counted, listed, percent, rounded } from '../in-words.js';
import type { EpisodeRow } from '../observations.js';

const TRAIN = 'train';

/** Members that stand on two sides: told from the tables, so that splits.json is not asked about itself. */
export function checkOverlaps(episodes: readonly EpisodeRow[], { options, groups }: SplitsDocument): Told {
  const splitOf = new Map(groups.flatMap((group) => group.episodes.map((id) => [id, group.split] as const)));
  const placed = episodes.map((row) => ({
    id: row.episode_id,
    split: row.split,
    members: Object.fromEntries(options.group_by.map((key) => [key, memberOf(row, key)])) as Record<
      GroupKey,
      string | null
    >,
  }));
  const words = [
    ...findOverlaps(placed, options.group_by).map(
      ({ key, member, splits }) => `the ${key} ${member} is in ${splits.join(' and ')}`,
    ),
    ...episodes
      .filter(({ episode_id, split }) => splitOf.get(episode_id) !== split)
      .map(({ episode_id, split }) => `the episode ${episode_id} is in ${split}, where splits.json does not have it`),
  ];
  const isOk = words.length === 0;
  return {
    name: 'split_overlap',
    measure: 'share',
    against: null,
    value: isOk ? 0 : 1,
    score: isOk ? 0 : 1,
    p: null,
    n: episodes.length,
    limit: 0,
    status: isOk ? 'ok' : 'leak',
    sentence: isOk ? 'No member of a group stands in two splits.' : `The splits are not apart: ${listed(words)}.`,
  };
}

/** A pair counts within its scenario, as it did when the groups were made. */
function memberOf({ scenario, ...row }: EpisodeRow, key: GroupKey): string | null {
  const value = key === 'scenario' ? scenario : (row as Readonly<Record<string, unknown>>)[key];
  if (value === null || value === undefined) return null;
  return key === 'pair' ? `${String(scenario)}#${String(value)}` : String(value);
}

/** Episodes that began from one saved state with one seed, of one arm of one scenario: one experiment, recorded twice. */
export function checkSameStart(episodes: readonly EpisodeRow[]): Told {
  const sides = new Map<string, Set<string>>();
  const started = episodes.flatMap(({ state, seed, scenario, arm, split, episode_id }) => {
    if (state === null || state === undefined || seed === null || seed === undefined) return [];
    const start = JSON.stringify([state, seed, scenario ?? null, arm ?? null].map(String));
    sides.set(start, (sides.get(start) ?? new Set()).add(split));
    return [{ start, split, episode_id }];
  });
  const repeated = started.filter(({ start, split }) => split !== TRAIN && sides.get(start)!.size > 1);
  return heldOut(
    'same_start',
    repeated.map(({ episode_id }) => episode_id),
    {
      episodes,
      found:
        'began from the same saved state with the same seed as one in another split, in the same arm of the same scenario',
      none: "No episode repeats another split's: none shares saved state, seed, scenario and arm with one.",
    },
  );
}

/** Of the episodes that are not for training, those that something is wrong with; one is too many. */
export function heldOut(
  name: string,
  ids: readonly string[],
  {
    episodes,
    found,
    none,
  }: { readonly episodes: readonly EpisodeRow[]; readonly found: string; readonly none: string },
): Told {
  const n = episodes.filter(({ split }) => split !== TRAIN).length;
  const base = { name, measure: 'share' as const, against: null, p: null, n, limit: 0 };
  if (n === 0)
    return {
      ...base,
      value: null,
      score: null,
      status: 'not_told',
      sentence: `${name}: nothing is held out of training.`,
    };
  const share = rounded(ids.length / n);
  if (ids.length === 0) return { ...base, value: 0, score: 0, status: 'ok', sentence: none };
  const sentence = `${counted(ids.length, 'episode')} of ${n} outside train (${percent(share)}) ${found}: ${listed(ids, 3)}.`;
  return { ...base, value: share, score: share, status: 'leak', sentence };
}
