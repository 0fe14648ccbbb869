import type { View } from '../dataset-document.js';

/**
 * `nmi`: mutual information over the label's entropy, for what has categories; `auc`: area under the ROC curve, for what
 * is a number; `share`: of rows or episodes.
 */
type Measure = 'nmi' | 'auc' | 'share';

/** `leak`: beyond the limit; `unclear`: so it looks, and may be chance; `not_told`: nothing to tell it by. */
type Status = 'ok' | 'leak' | 'unclear' | 'not_told';

/** One thing that may tell the label without being behaviour. */
export interface Finding {
  readonly name: string;
  readonly measure: Measure;
  /** What it was held against: the label, or which labels an episode holds; null for what tells no label. */
  readonly against: 'label' | 'episode' | null;
  /** As measured; of an AUC that of the better direction. Null if it was not. */
  readonly value: number | null;
  /** From 0, what chance gives, to 1; of a share the share. The limit is for this. */
  readonly score: number | null;
  /** How often chance gives as much; null for a share. */
  readonly p: number | null;
  /** Episodes, or pairs of an episode and a label, or rows, that it was told from. */
  readonly n: number;
  readonly limit: number;
  readonly status: Status;
  readonly is_ignored: boolean;
  /** A sentence. */
  readonly sentence: string;
}

/** What a check finds out; the rest of a finding follows from it. */
export type Told = Omit<Finding, 'is_ignored'>;

/** Two episodes on two sides that are all but the same. */
export interface NearDuplicate {
  readonly episodes: readonly [string, string];
  readonly splits: readonly [string, string];
  /** Root mean square over all features' means and deviations, in standard deviations between episodes of train. */
  readonly distance: number;
}

/** Episodes of a pair of which one arm is missing. */
export interface Unpaired {
  readonly scenario: string | null;
  readonly pair: string;
  /** The arm that is there; without arms, the labels that its episodes hold. */
  readonly arm: string;
  /** Sorted. */
  readonly episodes: readonly string[];
}

export interface FeatureScore {
  readonly name: string;
  /** Of the bare value, each class against all others, the better direction; null where it has one value or none. */
  readonly auc: number | null;
  /** The class that it tells best. */
  readonly label: string | null;
  readonly rows: number;
  /** An AUC that no behaviour should have by itself. */
  readonly is_too_good: boolean;
}

export interface AuditReport {
  readonly path: string;
  readonly name: string;
  readonly view: View;
  readonly threshold: number;
  readonly classes: readonly string[];
  /** With rows in the aligned table. */
  readonly episodes: number;
  /** Of an episode and a label. */
  readonly pairs: number;
  readonly is_leaking: boolean;
  readonly findings: readonly Finding[];
  /** The nearest first, at most a hundred. */
  readonly near_duplicates: readonly NearDuplicate[];
  readonly unpaired: readonly Unpaired[];
  /** The best first. */
  readonly features: readonly FeatureScore[];
}
