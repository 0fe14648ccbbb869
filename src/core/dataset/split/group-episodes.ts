import type { GroupKey, Members } from './group-keys.js';

/** An episode, as far as splitting it is concerned. */
export interface SplitEpisode {
  readonly id: string;
  /** Since the Unix epoch. */
  readonly startNs: bigint;
  readonly members: Members;
  /** Seconds that it has of each class; classes that it lacks may be left out. */
  readonly weights: Readonly<Record<string, number>>;
}

/** Episodes that go to one side together. */
export interface Group {
  /** The smallest id of its episodes: the same however they come, and when others are added that have nothing to do with it. */
  readonly id: string;
  /** By id. */
  readonly episodes: readonly SplitEpisode[];
}

/** Episodes that share a member of any of the keys are in one group, and so are those that share one with those. Sorted by id. */
export function groupEpisodes(episodes: readonly SplitEpisode[], groupBy: readonly GroupKey[]): Group[] {
  const sorted = [...episodes].sort((a, b) => (a.id < b.id ? -1 : 1));
  const parents = sorted.map((_, index) => index);
  const firstWith = new Map<string, number>();
  for (const [index, { members }] of sorted.entries()) {
    for (const key of groupBy) {
      if (members[key] === null) continue;
      const member = `${key}:${members[key]}`;
      const first = firstWith.get(member);
      if (first === undefined) firstWith.set(member, index);
      else unite(parents, first, index);
    }
  }
  const groups = new Map<number, SplitEpisode[]>();
  for (const [index, episode] of sorted.entries()) {
    const root = rootOf(parents, index);
    const group = groups.get(root);
    if (group === undefined) groups.set(root, [episode]);
    else group.push(episode);
  }
  return [...groups.values()].map((members) => ({ id: members[0]!.id, episodes: members }));
}

/** The smaller one leads. */
function unite(parents: number[], a: number, b: number): void {
  const [low, high] = [rootOf(parents, a), rootOf(parents, b)].sort((x, y) => x - y) as [number, number];
  parents[high] = low;
}

function rootOf(parents: number[], start: number): number {
  let index = start;
  while (parents[index] !== index) {
    parents[index] = parents[parents[index]!]!; // halves the path for whoever asks next
    index = parents[index]!;
  }
  return index;
}
