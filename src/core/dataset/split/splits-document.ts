import type { GroupKey } from './group-keys.js';

export const SPLITS_SCHEMA_VERSION = 1;

export type SplitBy = 'groups' | 'time';

export interface SplitsOptions {
  readonly by: SplitBy;
  /** In the order of the splits; they add up to 100. */
  readonly percent: readonly number[];
  readonly group_by: readonly GroupKey[];
  readonly seed: number;
}

/** What a split has of a class. */
export interface ClassCount {
  readonly episodes: number;
  readonly seconds: number;
  /** Of the seconds of all splits. */
  readonly share: number;
}

export interface SplitSide {
  readonly name: string;
  readonly percent: number;
  readonly groups: number;
  readonly episodes: number;
  readonly classes: Readonly<Record<string, ClassCount>>;
}

export interface SplitGroup {
  /** The smallest id of its episodes. */
  readonly id: string;
  readonly split: string;
  /** Sorted. */
  readonly episodes: readonly string[];
  /** By key of `group_by`: what its episodes are members of, sorted. */
  readonly members: Readonly<Partial<Record<GroupKey, readonly string[]>>>;
}

/** A member that stands on two sides. */
export interface Overlap {
  readonly key: GroupKey | 'episode';
  readonly member: string;
  readonly splits: readonly [string, string];
}

/** How many members of a key that nothing was grouped by stand on several sides: what a model may have seen before. */
export interface Shared {
  readonly key: GroupKey;
  readonly members: number;
  readonly on_several_sides: number;
}

/** splits.json: who is on which side, and the proof that none is on two. schemas/splits.schema.json holds it. */
export interface SplitsDocument {
  readonly schema_version: number;
  readonly options: SplitsOptions;
  /** In the order train, validation, test. */
  readonly splits: readonly SplitSide[];
  /** Sorted by id. */
  readonly groups: readonly SplitGroup[];
  /** Found by comparing the sides with one another, member by member; empty, or there would be no such file. */
  readonly overlaps: readonly Overlap[];
  readonly shared: readonly Shared[];
}
