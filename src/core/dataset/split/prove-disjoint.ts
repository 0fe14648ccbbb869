import type { GroupKey, Members } from './group-keys.js';
import type { Overlap, Shared } from './splits-document.js';

/** An episode and the side that it ended up on. */
export interface PlacedEpisode {
  readonly id: string;
  readonly split: string;
  readonly members: Members;
}

/** Each side's members of one key. */
type Sides = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * What stands on two sides: each side is compared with each other one, member by member. It knows nothing of groups, so
 * that it does not repeat a mistake that was made with them.
 */
export function findOverlaps(episodes: readonly PlacedEpisode[], groupBy: readonly GroupKey[]): Overlap[] {
  const byId = common(
    'episode',
    sidesOf(episodes, ({ id }) => id),
  );
  return [
    ...byId,
    ...groupBy.flatMap((key) =>
      common(
        key,
        sidesOf(episodes, ({ members }) => members[key]),
      ),
    ),
  ];
}

/** Throws if a member, or an episode, stands on two sides: no such split may be written. Returns the proof: no overlap. */
export function proveDisjoint(episodes: readonly PlacedEpisode[], groupBy: readonly GroupKey[]): readonly [] {
  const [first] = findOverlaps(episodes, groupBy);
  if (first === undefined) return [];
  const { key, member, splits } = first;
  throw new Error(`the ${key} ${JSON.stringify(member)} stands in ${splits[0]} and in ${splits[1]}`);
}

/** Of keys that nothing was grouped by, how much is on several sides all the same. */
export function countShared(episodes: readonly PlacedEpisode[], keys: readonly GroupKey[]): Shared[] {
  return keys.map((key) => {
    const sides = sidesOf(episodes, ({ members }) => members[key]);
    const all = new Set([...sides.values()].flatMap((side) => [...side]));
    const shared = new Set(common(key, sides).map(({ member }) => member));
    return { key, members: all.size, on_several_sides: shared.size };
  });
}

function sidesOf(episodes: readonly PlacedEpisode[], memberOf: (episode: PlacedEpisode) => string | null): Sides {
  const sides = new Map<string, Set<string>>();
  for (const episode of episodes) {
    const side = sides.get(episode.split) ?? new Set();
    sides.set(episode.split, side);
    const member = memberOf(episode);
    if (member !== null) side.add(member);
  }
  return sides;
}

function common(key: Overlap['key'], sides: Sides): Overlap[] {
  const entries = [...sides];
  return entries.flatMap(([left, here], i) =>
    entries
      .slice(i + 1)
      .flatMap(([right, there]) =>
        [...here]
          .filter((member) => there.has(member))
          .map((member) => ({ key, member, splits: [left, right] as const })),
      ),
  );
}
