import { toTextOrNull } from '../../../text/to-text.js';
import type { Unpaired } from '../audit-report.js';
import type { Observations } from '../observations.js';

/**
 * Pairs of which one arm is missing. Without its twin of like load an episode teaches what the machine, the hour and the
 * load were. An episode without an arm counts by the labels that it holds.
 */
export function findUnpaired({ classes, episodes, pairs }: Observations): Unpaired[] {
  const held = episodes.map((): string[] => []);
  for (const { episode, label } of pairs) held[episode]!.push(classes[label]!);
  const found = new Map<string, { scenario: string | null; pair: string; arms: Set<string>; ids: string[] }>();
  for (const [index, { episode_id, scenario, pair, arm }] of episodes.entries()) {
    if (pair === null || pair === undefined) continue;
    const key = JSON.stringify([scenario ?? null, pair].map(String));
    const entry = found.get(key) ?? { scenario: toTextOrNull(scenario), pair: String(pair), arms: new Set(), ids: [] };
    found.set(key, entry);
    entry.arms.add(toTextOrNull(arm) ?? held[index]!.join('+'));
    entry.ids.push(episode_id);
  }
  return [...found.values()]
    .filter(({ arms }) => arms.size === 1)
    .map(({ scenario, pair, arms, ids }) => ({ scenario, pair, arm: [...arms][0]!, episodes: ids.sort() }));
}
