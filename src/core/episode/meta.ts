import type { Evidence } from '../config/plan.js';
import type { Grade } from '../grade/verdict.js';
import type { LabelFigures } from '../labels/label-figures.js';
import type { RecorderIdentity } from '../recorder/recorder-identity.js';
import type { TargetExit, TargetFacts } from '../targets/target.js';
import type { CollectorFigures } from './collector-figures.js';

export const SCHEMA_VERSION = 1;

export type Status = 'running' | 'complete' | 'interrupted' | 'failed';
export type EndReason = 'duration_over' | 'target_exited' | 'signal' | 'disk_full' | 'write_failed' | 'recorder_died';

/** Absolute readings of the three clocks at about one instant; each with its own error. */
export interface ClockReading {
  readonly monotonic_ns: bigint;
  readonly realtime_ns: bigint;
  /** How far the wall clock's edge lies at most from `monotonic_ns`. */
  readonly realtime_error_ns: number;
  /** CLOCK_BOOTTIME at `monotonic_ns`, which goes on through a suspend; null where it can't be read. */
  readonly boottime_ns: bigint | null;
  readonly boottime_error_ns: number | null;
}

/** What a recovery had to drop, or did not find. */
export interface Loss {
  /** From the episode's folder. */
  readonly file: string;
  readonly reason: 'torn' | 'damaged' | 'missing';
  /** Null where that is not known. */
  readonly lines: number | null;
  readonly bytes: number | null;
}

export interface Recovery {
  readonly at_realtime_ns: bigint;
  readonly version: string;
  readonly lost: readonly Loss[];
}

export interface ClosedPhase {
  readonly name: string;
  readonly label: string;
  readonly planned_start_ns: number;
  readonly planned_end_ns: number;
  readonly start_ns: bigint;
  readonly end_ns: bigint;
}

/** meta.json; docs/data-model.md explains it and schemas/meta.schema.json holds it. */
export interface Meta extends Evidence {
  readonly schema_version: number;
  readonly id: string;
  readonly status: Status;
  readonly end_reason: EndReason | null;
  readonly grade: Grade | null;
  readonly grade_reasons: readonly string[];
  /** Whether the recorder did not finish it; missing in episodes that are older than this key. */
  readonly recovered?: boolean;
  readonly recovery?: Recovery | null;
  /** Also the lock: an episode whose recorder lives is nobody else's. */
  readonly recorder: RecorderIdentity & {
    readonly name: 'cis490';
    readonly version: string;
    readonly node: string;
    readonly cpu_user_us: number | null;
    readonly cpu_system_us: number | null;
    readonly max_rss_bytes: number | null;
    /** Of a CPU, that it took with all its threads between origin and end; missing in older episodes. */
    readonly cpu_share?: number | null;
  };
  readonly profile: string;
  readonly config: unknown;
  readonly config_sha256: string;
  readonly clocks: {
    readonly start: ClockReading;
    readonly origin_monotonic_ns: bigint | null;
    readonly origin_realtime_ns: bigint | null;
    readonly end: ClockReading | null;
    /** How far the wall clock went away from the anchor until the end: stepped, or disciplined. */
    readonly drift_ns: bigint | null;
  };
  readonly duration_ns: number;
  /** The actual end, since the origin. */
  readonly end_ns: bigint | null;
  readonly vantages: {
    readonly local: Readonly<Record<string, unknown>>;
    readonly guest?: Readonly<Record<string, unknown>>;
  };
  readonly target: TargetFacts;
  /** How the target ended by itself; null if it did not. */
  readonly target_exit: TargetExit | null;
  readonly planned_phases: readonly Readonly<Record<string, unknown>>[];
  readonly phases: readonly ClosedPhase[];
  /** Once it is over; missing in older episodes. */
  readonly labels?: LabelFigures;
  readonly collectors: readonly CollectorFigures[];
}
