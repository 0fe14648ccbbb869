/**
 * What an episode may lack and still be `ok`: `config.grade` of meta.json. Shares are from 0 to 1, times in nanoseconds.
 * docs/data-model.md says what each is held against.
 */
export interface GradeThresholds {
  readonly missed_ticks: number;
  readonly missed_share: number;
  readonly lateness_share: number;
  readonly late_share: number;
  readonly longest_gap_ns: number;
  readonly stream_gap_ns: number;
  readonly invalid_rows: number;
  readonly lost_rows: number;
  readonly failed_samples: number;
  readonly label_coverage: number;
  readonly label_uncertainty_ns: number;
  readonly phase_delay_ns: number;
  readonly phase_delay_share: number;
  readonly clock_drift_ns: number;
  readonly recorder_cpu_share: number;
}

/** What episodes were held to that say nothing of it, for they are older than these thresholds. */
const FORMER: GradeThresholds = {
  missed_ticks: 2,
  missed_share: 0.01,
  lateness_share: 1,
  late_share: 1,
  longest_gap_ns: Number.POSITIVE_INFINITY,
  stream_gap_ns: Number.POSITIVE_INFINITY,
  invalid_rows: 0,
  lost_rows: 0,
  failed_samples: 0,
  label_coverage: 0,
  label_uncertainty_ns: Number.POSITIVE_INFINITY,
  phase_delay_ns: 100e6,
  phase_delay_share: 0.1,
  clock_drift_ns: Number.POSITIVE_INFINITY,
  recorder_cpu_share: Number.POSITIVE_INFINITY,
};

/** The thresholds of an episode, from `config` of its meta.json. */
export function thresholdsOf(config: unknown): GradeThresholds {
  const { grade } = (config ?? {}) as { readonly grade?: Partial<GradeThresholds> };
  return { ...FORMER, ...grade };
}
