import type { CollectorFigures } from '../../../src/core/episode/collector-figures.js';

/** What meta.json says of a collector that did well. */
export function figures(change: Partial<CollectorFigures> = {}): CollectorFigures {
  return {
    source: 'gpu',
    plugin: { name: 'gpu', version: '1.0.0', owner: '@acme/pkg', origin: 'package' },
    kind: 'polled',
    row_version: 1,
    row_schema: {},
    vantage: 'local',
    available_in_deployment: false,
    availability_rationale: 'A test.',
    is_sparse: false,
    interval_ns: 1e8,
    options: {},
    state: 'ok',
    state_reason: null,
    ticks_scheduled: 100,
    ticks_run: 100,
    ticks_missed: 0,
    ticks_late: 0,
    rows: 100,
    rows_invalid: 0,
    rows_lost: 0,
    sample_errors: 0,
    errors: {},
    bytes: 1000,
    longest_gap_ns: 1e8,
    longest_pause_ns: 1e8,
    longest_pause_from_ns: 0,
    lateness_ns: { p50: 1, p99: 2, max: 3 },
    time_uncertainty_ns: null,
    ...change,
  };
}

/** A stream has no ticks. */
export const STREAM = {
  kind: 'stream',
  interval_ns: null,
  ticks_scheduled: null,
  ticks_run: null,
  ticks_missed: null,
  ticks_late: null,
  lateness_ns: null,
  time_uncertainty_ns: null,
} as const;
