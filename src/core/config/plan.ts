import type { Vantage } from '../contract/collector.js';
import type { TargetConfig } from './config.js';

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
}

export interface PlannedCollector {
  /** The instance's name: file, rows' `source` and figures bear it. */
  readonly source: string;
  /** The collector behind it: `name`, or `package#name`. */
  readonly use: string;
  readonly vantage: Vantage;
  readonly isOptional: boolean;
  readonly intervalNs: number;
  /** As written; the plugin's schema has yet to check them. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** A configuration, checked and resolved: everything that an episode needs to know before it begins. */
export interface Plan {
  readonly profile: 'lab' | 'deployment';
  readonly target: TargetConfig;
  readonly durationNs: number;
  readonly phases: readonly PlannedPhase[];
  readonly collectors: readonly PlannedCollector[];
  readonly plugins: readonly string[];
  readonly evidence: Evidence;
  /** Absolute. */
  readonly outputFolder: string;
  /** Absolute: relative paths of the configuration start here. */
  readonly baseDir: string;
}
