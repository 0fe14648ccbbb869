import type { SplitEpisode } from '../../../../src/core/dataset/split/group-episodes.js';
import { GROUP_KEYS, type GroupKey, type Members } from '../../../../src/core/dataset/split/group-keys.js';

/** A member of nothing, but for what is given. */
export function members(given: Partial<Members> = {}): Members {
  return { ...(Object.fromEntries(GROUP_KEYS.map((key) => [key, null])) as Record<GroupKey, null>), ...given };
}

/** The n-th ULID. */
export const idOf = (n: number): string => `01JDXQ6R5T${n.toString().padStart(16, '0')}`;

/** The n-th episode, recorded n hours after the first. */
export function episode(
  n: number,
  weights: Readonly<Record<string, number>>,
  given: Partial<Members> = {},
): SplitEpisode {
  return {
    id: idOf(n),
    startNs: 1_764_000_000_000_000_000n + BigInt(n) * 3_600_000_000_000n,
    members: members(given),
    weights,
  };
}
