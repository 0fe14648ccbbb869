import type { GradeInput } from '../../../src/core/episode/grade.js';
import type { ClockReading } from '../../../src/core/episode/meta.js';
import type { GradeThresholds } from '../../../src/core/grade/thresholds.js';
import { figures } from './figures.js';
import { planOf, TARGET } from './plan-harness.js';

/** What an episode is held to whose configuration does not say. */
export const DEFAULTS: GradeThresholds = planOf({ target: TARGET }).grade;

/** The three clocks, exact, so long after the recorder began to read them. */
export const reading = (afterNs: bigint, change: Partial<ClockReading> = {}): ClockReading => ({
  monotonic_ns: 5_000_000_000n + afterNs,
  realtime_ns: 1_795_458_771_000_250_017n + afterNs,
  realtime_error_ns: 0,
  boottime_ns: 9_000_000_000n + afterNs,
  boottime_error_ns: 0,
  ...change,
});

/** meta.json of ten seconds in two phases that went as planned, as far as the grade depends on it. */
export function gradedMeta(change: Partial<GradeInput['meta']> = {}): GradeInput['meta'] {
  const phase = (name: string, start: number, end: number) => ({
    name,
    label: 'benign',
    planned_start_ns: start,
    planned_end_ns: end,
    start_ns: BigInt(start),
    end_ns: BigInt(end),
  });
  return {
    status: 'complete',
    config: { grade: DEFAULTS },
    end_ns: 10_000_000_000n,
    planned_phases: [{ name: 'a' }, { name: 'b' }],
    phases: [phase('a', 0, 5e9), phase('b', 5e9, 10e9)],
    labels: { coverage: 1, max_uncertainty_ns: 0 },
    clocks: {
      start: reading(0n),
      origin_monotonic_ns: 5_100_000_000n,
      origin_realtime_ns: 1_795_458_771_100_250_017n,
      end: reading(10_200_000_000n),
      drift_ns: 0n,
    },
    recorder: {
      name: 'cis490',
      version: '1.0.0',
      node: '20.20.0',
      pid: 1,
      start_time_ticks: 1n,
      boot_id: null,
      cpu_user_us: 1,
      cpu_system_us: 1,
      max_rss_bytes: 1,
      cpu_share: 0.01,
    },
    collectors: [figures()],
    ...change,
  };
}
