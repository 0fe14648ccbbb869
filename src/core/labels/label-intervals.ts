import { effectiveLabels, type PlacedLabel } from './effective-labels.js';

/** A row that holds, with the time at which the next one takes over. Nanoseconds since the origin. */
export interface HeldLabel<Row> {
  readonly row: Row;
  readonly fromNs: number;
  /** Null: until an end that is not known. */
  readonly untilNs: number | null;
}

/**
 * The rows of labels.jsonl as stretches, in the order of time and without gaps: what is revised is dropped, and so is what
 * holds for no time at all, or begins behind the end.
 */
export function labelIntervals<Row extends PlacedLabel>(rows: readonly Row[], endNs: number | null): HeldLabel<Row>[] {
  const labels = effectiveLabels(rows);
  return labels
    .map((row, i) => ({ row, fromNs: Number(row.t_mono_ns), untilNs: earlier(labels[i + 1]?.t_mono_ns, endNs) }))
    .filter(({ fromNs, untilNs }) => untilNs === null || untilNs > fromNs);
}

function earlier(next: number | bigint | undefined, endNs: number | null): number | null {
  if (next === undefined) return endNs;
  return endNs === null ? Number(next) : Math.min(Number(next), endNs);
}
