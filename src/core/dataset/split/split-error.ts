import { CisError } from '../../errors/cis-error.js';
import type { Group } from './group-episodes.js';
import type { GroupKey } from './group-keys.js';
import type { SplitBy } from './splits-document.js';

/** What could not be split. */
interface Failed {
  readonly splits: readonly string[];
  readonly groups: readonly Group[];
  readonly by: SplitBy;
  readonly groupBy: readonly GroupKey[];
}

/** A class that a split is left without. */
export interface Lack {
  readonly split: string;
  readonly label: string;
  /** How many groups have it. */
  readonly having: number;
}

/** There are fewer groups than sides. */
export function tooFewGroups(failed: Failed): CisError {
  const { splits, groups } = failed;
  const episodes = groups.reduce((sum, group) => sum + group.episodes.length, 0);
  const keys = bindingKeys(failed);
  const why = keys.length === 0 ? '' : `: episodes share their ${keys.join(', ')}`;
  return new CisError(
    'SPLIT_IMPOSSIBLE',
    `${counted(episodes, 'episode')} in ${counted(groups.length, 'group')} can not be split into ${splits.join(', ')}${why}`,
    { hint: hintFor(keys) },
  );
}

/** A split lacks a class whatever is done; a sentence for each. */
export function lacksClass(lacks: readonly Lack[], failed: Failed): CisError {
  const { splits, groups, by } = failed;
  const [first, ...others] = lacks.map(
    ({ split, label, having }) =>
      `the split ${split} has no ${label}: ${having} of ${counted(groups.length, 'group')} ${having === 1 ? 'has' : 'have'} it, and each of ${splits.length} splits needs one`,
  );
  return new CisError('SPLIT_IMPOSSIBLE', first!, {
    problems: others,
    hint:
      by === 'time'
        ? 'Record each class over the whole time, or leave --split-by time out.'
        : hintFor(bindingKeys(failed)),
  });
}

/** Keys by which episodes came together at all. */
function bindingKeys({ groups, groupBy }: Failed): GroupKey[] {
  return groupBy.filter((key) => groups.some((group) => sharesMember(group, key)));
}

function sharesMember({ episodes }: Group, key: GroupKey): boolean {
  const members = episodes.map((episode) => episode.members[key]).filter((member) => member !== null);
  return new Set(members).size < members.length;
}

function hintFor(keys: readonly GroupKey[]): string {
  const fewer = keys.length === 0 ? '' : `leave out of --group-by what may be shared (${keys.join(', ')}), `;
  return `Record more episodes that have nothing in common with these, ${fewer}or --split into fewer parts.`;
}

const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;
