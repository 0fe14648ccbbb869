import type { PluginRef } from '../catalog/plugin-ref.js';
import type { Vantage } from '../contract/collector.js';
import type { JsonSchema } from '../rows/row-schema.js';
import type { Percentiles } from '../time/durations.js';

/** What is recorded of one collector. Times in nanoseconds. */
export interface CollectorFigures {
  readonly source: string;
  readonly plugin: {
    readonly name: string;
    readonly version: string | null;
    readonly owner: string;
    readonly origin: PluginRef['origin'];
  };
  /** Null, as version, rows and availability are, where the plugin could not be loaded and the collector is optional. */
  readonly kind: 'files' | 'polled' | 'stream' | null;
  readonly row_version: number | null;
  readonly row_schema: JsonSchema | null;
  readonly vantage: Vantage;
  readonly available_in_deployment: boolean | null;
  readonly availability_rationale: string | null;
  readonly is_sparse: boolean;
  /** Null for a stream. */
  readonly interval_ns: number | null;
  readonly options: unknown;
  readonly state: 'ok' | 'absent' | 'failed' | 'abandoned';
  readonly state_reason: string | null;
  readonly ticks_scheduled: number | null;
  readonly ticks_run: number | null;
  readonly ticks_missed: number | null;
  /** Sampled later than `grade.lateness_share` of the interval; null for a stream, missing in older episodes. */
  readonly ticks_late?: number | null;
  readonly rows: number;
  readonly rows_invalid: number;
  readonly rows_lost: number;
  readonly sample_errors: number;
  /** Thrown samples by their code; null if the thread did not live to tell. */
  readonly errors: Readonly<Record<string, number>> | null;
  readonly bytes: number;
  /** The longest time between two rows, or from the origin to the first. */
  readonly longest_gap_ns: number;
  /**
   * The longest time in which the source was not looked at, with or without a row, and when that began: no sample
   * succeeded, or the thread of a stream took nothing in. Null if it was absent, missing in older episodes.
   */
  readonly longest_pause_ns?: number | null;
  readonly longest_pause_from_ns?: number | null;
  readonly lateness_ns: Percentiles | null;
  /** Half the round trip of each reading in a guest: so far a row's time may be off. Null where rows are read here. */
  readonly time_uncertainty_ns: Percentiles | null;
}
