import type { CollectorFigures } from '../episode/collector-figures.js';
import { acceptedCount, acceptedTime, timeInWords } from './in-words.js';
import type { GradeThresholds } from './thresholds.js';

/** Two missed ticks in a row, and a late one behind them, leave so many intervals without a sample. */
const GAP_INTERVALS = 4;

/** The figures as read from meta.json, and the interval that the collector was given, also if it is a stream. */
export interface GradedCollector {
  readonly figures: CollectorFigures;
  readonly intervalNs: number;
}

type Criterion = (collector: GradedCollector, limits: GradeThresholds) => string | null;

/** A sentence for each figure of a collector that is beyond its threshold. */
export function collectorReasons(collector: GradedCollector, limits: GradeThresholds): string[] {
  return CRITERIA.map((criterion) => criterion(collector, limits)).filter((reason) => reason !== null);
}

const WORDS = { absent: 'was absent', failed: 'failed', abandoned: 'was abandoned' } as const;

const state: Criterion = ({ figures: { source, state, state_reason } }) =>
  state === 'ok' ? null : `${source} ${WORDS[state]}${state_reason ? `: ${state_reason}` : ''}`;

const missedTicks: Criterion = ({ figures }, { missed_ticks, missed_share }) => {
  const { source, ticks_missed: missed, ticks_scheduled: scheduled } = figures;
  if (missed === null || scheduled === null) return null;
  const limit = Math.max(missed_ticks, missed_share * scheduled);
  return missed > limit ? `${source} missed ${missed} of ${scheduled} ticks; ${acceptedCount(limit)}` : null;
};

const lateTicks: Criterion = ({ figures, intervalNs }, { lateness_share, late_share, missed_ticks }) => {
  const { source, ticks_late: late, ticks_run: run, lateness_ns } = figures;
  if (late === undefined || late === null || run === null) return null;
  const limit = Math.max(missed_ticks, late_share * run);
  if (late <= limit) return null;
  const worst = lateness_ns === null ? '' : `, the latest ${timeInWords(lateness_ns.max)}`;
  return `${source} was more than ${timeInWords(lateness_share * intervalNs)} (${lateness_share} of its interval) late in ${late} of ${run} samples${worst}; ${acceptedCount(limit)}`;
};

/** The recorder itself did not look: because it was stopped or starved, or its samples took too long or failed. */
const pause: Criterion = ({ figures, intervalNs }, { longest_gap_ns }) => {
  const { source, kind, longest_pause_ns: ns, longest_pause_from_ns: fromNs } = figures;
  if (ns === undefined || ns === null) return null;
  const limit = Math.max(longest_gap_ns, GAP_INTERVALS * intervalNs);
  if (ns <= limit) return null;
  const what = kind === 'stream' ? 'took nothing in' : 'took no sample';
  return `${source} ${what} for ${timeInWords(ns)}, from ${timeInWords(fromNs ?? 0)} on; ${acceptedTime(limit)}`;
};

/** A stream that is not sparse gives rows steadily; only its source knows how steadily. */
const silence: Criterion = ({ figures, intervalNs }, { stream_gap_ns }) => {
  const { source, kind, is_sparse, rows, longest_gap_ns: ns } = figures;
  if (kind !== 'stream' || is_sparse || rows === 0) return null;
  const limit = Math.max(stream_gap_ns, GAP_INTERVALS * intervalNs);
  return ns > limit
    ? `${source} had no row for ${timeInWords(ns)}; of a stream that is not sparse ${acceptedTime(limit)}`
    : null;
};

const invalidRows: Criterion = ({ figures: { source, rows_invalid: count } }, { invalid_rows }) =>
  count > invalid_rows ? `${source} returned ${count} invalid rows; ${acceptedCount(invalid_rows)}` : null;

const lostRows: Criterion = ({ figures: { source, rows_lost: count } }, { lost_rows }) =>
  count > lost_rows ? `${source} lost ${count} rows; ${acceptedCount(lost_rows)}` : null;

const failedSamples: Criterion = ({ figures: { source, sample_errors: count } }, { failed_samples }) =>
  count > failed_samples ? `${source} failed in ${count} samples; ${acceptedCount(failed_samples)}` : null;

const CRITERIA: readonly Criterion[] = [
  state,
  missedTicks,
  lateTicks,
  pause,
  silence,
  invalidRows,
  lostRows,
  failedSamples,
];
