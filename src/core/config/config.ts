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
  duration?: string;
  collectors?: Record<string, CollectorConfig | null>;
  plugins?: string[];
  output?: string;
}

export type TargetConfig =
  | { type: 'pid'; pid: number; vm?: boolean }
  | { type: 'command'; argv: string[]; cwd?: string; env?: Record<string, string>; vm?: boolean }
  | { type: 'machine' };

export interface PhaseConfig {
  name: string;
  label: string;
  duration: string;
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

/** The labels that every configuration knows; `classes` adds more. */
export const LABELS = ['benign', 'malicious', 'unknown', 'unlabelled'] as const;
