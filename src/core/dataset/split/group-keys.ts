import { CisError } from '../../errors/cis-error.js';

/** By what episodes may be alike, so that a model that has seen one has half seen the other. docs/dataset.md explains each. */
export const GROUP_KEYS = [
  'scenario',
  'pair',
  'sample',
  'family',
  'host',
  'image',
  'state',
  'operator',
] as const satisfies readonly string[];

export type GroupKey = (typeof GROUP_KEYS)[number];

/** What an episode is a member of; null where it has no such thing. */
export type Members = Readonly<Record<GroupKey, string | null>>;

/**
 * Unless said otherwise. Host, image, state and operator are left out: a laboratory often has one of each, and then there
 * is nothing to split.
 */
export const DEFAULT_GROUP_BY: readonly GroupKey[] = ['scenario', 'pair', 'sample', 'family'];

/** Reads `scenario,host`, in the order of GROUP_KEYS. Throws USAGE. */
export function parseGroupKeys(text: string): GroupKey[] {
  const names = text.split(',').map((name) => name.trim());
  for (const name of names) if (!isGroupKey(name)) throw unknownKey(name);
  return GROUP_KEYS.filter((key) => names.includes(key));
}

function isGroupKey(name: string): name is GroupKey {
  return (GROUP_KEYS as readonly string[]).includes(name);
}

function unknownKey(name: string): CisError {
  const hint =
    name === 'arm'
      ? 'All episodes of an arm have one side of the comparison: to keep both arms together group by "pair".'
      : 'Name them with commas between, like --group-by scenario,host.';
  return new CisError('USAGE', `no group key ${JSON.stringify(name)}; there are ${GROUP_KEYS.join(', ')}`, { hint });
}
