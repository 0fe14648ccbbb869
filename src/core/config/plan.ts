import type { Vantage } from '../contract/collector.js';
import type { GradeThresholds } from '../grade/thresholds.js';
import type { DiskFormat, QemuTargetConfig, TargetConfig } from './config.js';

/** What an episode is evidence of: all optional, all from the configuration, and never in a collector's context. */
export interface Evidence {
  readonly scenario?: Readonly<Record<string, string | number>>;
  readonly sample?: Readonly<Record<string, string>>;
  readonly seed?: number;
  readonly operator?: string;
  readonly notes?: string;
  readonly tags?: readonly string[];
}

/** A phase with its place on the time line, in nanoseconds since the origin. */
export interface PlannedPhase {
  readonly name: string;
  readonly label: string;
  readonly startNs: number;
  readonly endNs: number;
  readonly run: readonly string[] | null;
  readonly oneshot: boolean;
  readonly technique: string | null;
  /** What its length was drawn from; null where that was given. */
  readonly durationRange: NsRange | null;
  /** Whether `run` is the idle one that every guest phase without a `run` has: what it costs to watch is the same in all. */
  readonly isIdle: boolean;
}

/** Both ends included. */
export interface NsRange {
  readonly minNs: number;
  readonly maxNs: number;
}

/** A virtual machine with every default filled in; paths are absolute. */
export interface PlannedVm {
  readonly type: 'qemu';
  /** "lab" for what "lab build" made, or the folder of an image; null where kernel or disk take its place. */
  readonly image: string | null;
  readonly kernel: string | null;
  readonly initrd: string | null;
  /** The kernel's command line. */
  readonly append: string | null;
  readonly disk: { readonly path: string; readonly format: DiskFormat } | null;
  /** A fresh empty disk. */
  readonly scratchBytes: number | null;
  readonly memoryBytes: number;
  readonly cpus: number;
  readonly accel: NonNullable<QemuTargetConfig['accel']>;
  /** QEMU's `-cpu`; null: what suits the accelerator. */
  readonly cpu: string | null;
  readonly args: readonly string[];
  readonly start: NonNullable<QemuTargetConfig['start']>;
  readonly bootTimeoutNs: number;
  readonly settle: NsRange;
  /** Drawn from `settle`: passes between a guest that answers and tick 0. */
  readonly settleNs: number;
  readonly network: NonNullable<QemuTargetConfig['network']>;
  readonly capture: boolean;
}

export type PlannedTarget = Exclude<TargetConfig, QemuTargetConfig> | PlannedVm;

export interface PlannedCollector {
  /** The instance's name: file, rows' `source` and figures bear it. */
  readonly source: string;
  /** The collector behind it: `name`, or `package#name`. */
  readonly use: string;
  readonly vantage: Vantage;
  readonly isOptional: boolean;
  readonly intervalNs: number;
  /** A tick that is sampled later than that counts as late. */
  readonly lateAfterNs: number;
  /** As written; the plugin's schema has yet to check them. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** A configuration, checked and resolved: everything that an episode needs to know before it begins. */
export interface Plan {
  readonly profile: 'lab' | 'deployment';
  readonly target: PlannedTarget;
  readonly durationNs: number;
  /** In the order in which they run. */
  readonly phases: readonly PlannedPhase[];
  readonly order: 'given' | 'shuffled';
  /** Labels of its own. */
  readonly classes: readonly string[];
  readonly collectors: readonly PlannedCollector[];
  readonly grade: GradeThresholds;
  readonly plugins: readonly string[];
  readonly evidence: Evidence;
  /** Whether the evidence's seed was made up, since something had to be drawn and none was given. */
  readonly isSeedDrawn: boolean;
  /** Absolute. */
  readonly outputFolder: string;
  /** Absolute: relative paths of the configuration start here. */
  readonly baseDir: string;
}
