import type { PluginRef } from '../catalog/plugin-ref.js';
import type { Vantage } from '../contract/collector.js';
import type { JsonSchema } from '../rows/row-schema.js';

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
  readonly rows: number;
  readonly rows_invalid: number;
  readonly rows_lost: number;
  readonly sample_errors: number;
  /** Thrown samples by their code; null if the thread did not live to tell. */
  readonly errors: Readonly<Record<string, number>> | null;
  readonly bytes: number;
  /** The longest time between two rows, or from the origin to the first. */
  readonly longest_gap_ns: number;
  readonly lateness_ns: { readonly p50: number; readonly p99: number; readonly max: number } | null;
}
