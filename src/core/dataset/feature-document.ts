import type { View } from './dataset-document.js';

export const FEATURES_SCHEMA_VERSION = 1;

/**
 * How a field becomes a number on the grid.
 *
 * - `rate`: what a counter, or the sum of a delta, rose by, per second, over the samples of the look-back.
 * - `level`: the last reading of a gauge; of a boolean 0 or 1.
 * - `state`: 1 where the last reading is `state`, else 0.
 */
export type Transform = 'rate' | 'level' | 'state';

/** How the records of an array become one number. */
export type Aggregate = 'sum' | 'max';

/** Over the rows of a window. */
export type WindowStatistic = 'mean' | 'std' | 'min' | 'max';

/** Of the aligned rows of the split `train` alone; null where it has none that are not null. */
export interface FeatureStatistics {
  readonly rows: number;
  readonly nulls: number;
  readonly mean: number | null;
  readonly std: number | null;
  readonly min: number | null;
  readonly max: number | null;
}

export interface Feature {
  /** The column: `system__context_switches__rate`, `system__cpus__user_jiffies__max__rate`. */
  readonly name: string;
  readonly source: string;
  readonly field: string;
  /** Where `field` is an array: which column of its records; else null. */
  readonly item: string | null;
  readonly aggregate: Aggregate | null;
  readonly transform: Transform;
  readonly state: string | null;
  /** Of the field, as the row schema has it. */
  readonly kind: 'counter' | 'delta' | 'gauge' | 'state';
  /**
   * What the rate is divided by: `cpus`, the CPU time that the vantage has in a second (its CPUs times its clock ticks,
   * for jiffies), so that machines of other sizes compare; `cpu`: that of one of them, for the largest of several records;
   * null: nothing.
   */
  readonly normalised_by: 'cpus' | 'cpu' | null;
  /** Factor to the unit, behind all else: 1e-6 makes microseconds per second a share. */
  readonly scale: number;
  readonly unit: string;
  readonly description: string;
  readonly available_in_deployment: boolean;
  /** Null before they are counted. */
  readonly statistics: FeatureStatistics | null;
}

export interface FeatureSource {
  readonly source: string;
  readonly row_version: number;
  readonly interval_ns: number | null;
  /** Names of the columns that place a row: `tick` and `epoch`, or `seq` for a stream. */
  readonly envelope: 'tick' | 'seq';
  /** A reading that is older than this is none. */
  readonly max_age_ns: number;
  readonly available_in_deployment: boolean;
}

/** features.json: the whole transform from an episode's files to a model's columns. schemas/features.schema.json holds it. */
export interface FeatureDocument {
  readonly schema_version: number;
  readonly view: View;
  readonly grid_ns: number;
  /** A label holds only so far from its begin and its end, beyond its own uncertainty. */
  readonly guard_ns: number;
  /** In rows of the grid; null without windows. */
  readonly window: { readonly length: number; readonly stride: number } | null;
  readonly window_statistics: readonly WindowStatistic[];
  readonly sources: readonly FeatureSource[];
  /** In the order of the columns. */
  readonly features: readonly Feature[];
}
