import type { Vantage } from '../contract/collector.js';

/** A .cis490rc as written: `schemas/config.schema.json` in types. */
export interface Config {
  $schema?: string;
  profile?: 'lab' | 'deployment';
  target?: TargetConfig;
  scenario?: Record<string, string | number>;
  sample?: Record<string, string>;
  seed?: number;
  operator?: string;
  notes?: string;
  tags?: string[];
  classes?: string[];
  phases?: PhaseConfig[];
  order?: 'given' | 'shuffled';
  duration?: string;
  collectors?: Record<string, CollectorConfig | null>;
  grade?: GradeConfig;
  plugins?: string[];
  output?: string;
  ship?: ShipConfig;
}

/** Where finished episodes go, and how: what `cis490 ship` does without flags. */
export interface ShipConfig {
  to?: string;
  options?: Record<string, unknown>;
  concurrency?: number;
  retries?: number;
  bandwidth?: string;
  compress?: 'none' | 'gzip' | 'zstd';
  delete_after?: boolean;
}

export type TargetConfig =
  | { type: 'pid'; pid: number; vm?: boolean }
  | { type: 'command'; argv: string[]; cwd?: string; env?: Record<string, string>; vm?: boolean }
  | { type: 'machine' }
  | QemuTargetConfig;

/** A virtual machine to boot: an image that "lab build" made, or a kernel, a disk or both of one's own. */
export interface QemuTargetConfig {
  type: 'qemu';
  image?: string;
  kernel?: string;
  initrd?: string;
  append?: string;
  disk?: string | { path: string; format: DiskFormat };
  scratch?: string;
  memory?: string;
  cpus?: number;
  accel?: 'auto' | 'kvm' | 'tcg';
  cpu?: string;
  args?: string[];
  start?: 'restored' | 'cold';
  boot_timeout?: string;
  settle?: DurationConfig;
  network?: 'none' | 'isolated' | 'restricted';
  capture?: boolean;
}

export type DiskFormat = 'qcow2' | 'raw';

/** A duration, or a range that one is drawn from. */
export type DurationConfig = string | { min: string; max: string };

export interface PhaseConfig {
  name: string;
  label: string;
  duration: DurationConfig;
  run?: string[];
  oneshot?: boolean;
  technique?: string;
}

export interface CollectorConfig {
  interval?: string;
  use?: string;
  vantage?: Vantage;
  optional?: boolean;
  options?: Record<string, unknown>;
}

/** What an episode may lack and still be `ok`. */
export interface GradeConfig {
  missed_ticks?: number;
  missed_share?: number;
  lateness_share?: number;
  late_share?: number;
  longest_gap?: string;
  stream_gap?: string;
  invalid_rows?: number;
  lost_rows?: number;
  failed_samples?: number;
  label_coverage?: number;
  label_uncertainty?: string;
  phase_delay?: string;
  phase_delay_share?: number;
  clock_drift?: string;
  recorder_cpu_share?: number;
}

/** The labels that every configuration knows; `classes` adds more. */
export const LABELS = ['benign', 'malicious', 'unknown', 'unlabelled'] as const;
