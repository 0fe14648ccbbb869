import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';

const HOUR_NS = 3.6e12;

/** Nanoseconds. */
export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** A histogram of durations from 1 ns to an hour, to three digits. */
export const createDurations = (): RecordableHistogram => createHistogram({ lowest: 1, highest: HOUR_NS, figures: 3 });

/** Null where nothing was recorded. */
export function percentiles(histogram: RecordableHistogram): Percentiles | null {
  if (histogram.count === 0) return null;
  return { p50: histogram.percentile(50), p99: histogram.percentile(99), max: histogram.max };
}
