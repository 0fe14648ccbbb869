import { createHash } from 'node:crypto';
import type { Group } from './group-episodes.js';

/** In an order that the seed draws: by the SHA-256 of "cis490:<seed>:split:<group>". */
export function orderByDraw(groups: readonly Group[], seed: number): Group[] {
  const digest = (id: string) => createHash('sha256').update(`cis490:${seed}:split:${id}`).digest('hex');
  const keyed = groups.map((group) => ({ group, key: digest(group.id) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ group }) => group);
}

/** By the latest episode of each, so that nothing in train is later than where it was cut. */
export function orderByTime(groups: readonly Group[]): Group[] {
  const keyed = groups.map((group) => ({ group, at: latestStart(group) }));
  return keyed
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.group.id < b.group.id ? -1 : 1))
    .map(({ group }) => group);
}

function latestStart({ episodes }: Group): bigint {
  const [first, ...others] = episodes.map(({ startNs }) => startNs);
  let latest = first!;
  for (const start of others) if (start > latest) latest = start; // no Math.max of bigints
  return latest;
}
