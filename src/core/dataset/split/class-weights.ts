import type { Unit } from './balance.js';
import type { Group, SplitEpisode } from './group-episodes.js';

/** Seconds of each class over all episodes; classes of which there are none are not in it. */
export type Totals = ReadonlyMap<string, number>;

/** Sums do not depend on the order in which the episodes come. */
export function totalsOf(episodes: readonly SplitEpisode[]): Totals {
  const labels = [...new Set(episodes.flatMap(({ weights }) => Object.keys(weights)))].sort();
  const byId = [...episodes].sort((a, b) => (a.id < b.id ? -1 : 1));
  return new Map(labels.map((label) => [label, secondsOf(byId, label)] as const).filter(([, seconds]) => seconds > 0));
}

function secondsOf(episodes: readonly SplitEpisode[], label: string): number {
  return episodes.reduce((sum, episode) => sum + weightOf(episode, label), 0);
}

export function weightOf({ weights }: SplitEpisode, label: string): number {
  return Object.hasOwn(weights, label) ? Math.max(0, weights[label]!) : 0;
}

/** A group by its shares of each class, in the order of the totals. */
export function unitOf({ id, episodes }: Group, totals: Totals): Unit {
  return { id, shares: [...totals].map(([label, total]) => secondsOf(episodes, label) / total) };
}

/** A group's share of all classes together. */
export function shareOf({ episodes }: Group, totals: Totals): number {
  const [own, all] = [...totals].reduce(
    ([own, all], [label, total]) => [own + secondsOf(episodes, label), all + total],
    [0, 0],
  );
  return own / all;
}
