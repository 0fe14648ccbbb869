import type { GradeThresholds } from '../grade/thresholds.js';
import type { GradeConfig } from './config.js';
import { planPause } from './plan-duration.js';

type Durations = Pick<
  Required<GradeConfig>,
  'longest_gap' | 'stream_gap' | 'label_uncertainty' | 'phase_delay' | 'clock_drift'
>;

/** What each key is where the configuration does not say; docs/data-model.md tells why. */
const DEFAULTS: Required<GradeConfig> = {
  missed_ticks: 2,
  missed_share: 0.01,
  lateness_share: 0.5,
  late_share: 0.05,
  longest_gap: '1s',
  stream_gap: '10s',
  invalid_rows: 0,
  lost_rows: 0,
  failed_samples: 0,
  label_coverage: 0.9,
  label_uncertainty: '1s',
  phase_delay: '100ms',
  phase_delay_share: 0.1,
  clock_drift: '1s',
  recorder_cpu_share: 0.5,
};

/** Everything filled in, durations in nanoseconds. */
export function planGrade(written: GradeConfig = {}, problems: string[]): GradeThresholds {
  const grade = { ...DEFAULTS, ...written };
  const ns = (key: keyof Durations) => planPause(grade[key], `grade.${key}`, problems);
  return {
    missed_ticks: grade.missed_ticks,
    missed_share: grade.missed_share,
    lateness_share: grade.lateness_share,
    late_share: grade.late_share,
    longest_gap_ns: ns('longest_gap'),
    stream_gap_ns: ns('stream_gap'),
    invalid_rows: grade.invalid_rows,
    lost_rows: grade.lost_rows,
    failed_samples: grade.failed_samples,
    label_coverage: grade.label_coverage,
    label_uncertainty_ns: ns('label_uncertainty'),
    phase_delay_ns: ns('phase_delay'),
    phase_delay_share: grade.phase_delay_share,
    clock_drift_ns: ns('clock_drift'),
    recorder_cpu_share: grade.recorder_cpu_share,
  };
}
