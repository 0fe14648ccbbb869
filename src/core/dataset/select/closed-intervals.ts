import type { RecordedLabel } from '../../labels/label-figures.js';
import { labelIntervals } from '../../labels/label-intervals.js';

/** From when to when one row of labels.jsonl holds; nanoseconds since the origin. */
export interface LabelInterval {
  readonly position: number;
  readonly startNs: number;
  readonly endNs: number;
  readonly phase: string;
  readonly label: string;
  readonly technique: string | null;
  readonly source: string;
  readonly confirmed: boolean | null;
  /** How far its begin may be off; its end is as uncertain as the next one's begin. */
  readonly uncertaintyNs: number;
  /** Benign after malicious: what was done before may still work in it. */
  readonly isResidual: boolean;
}

/** The latest revisions as closed intervals, from the origin to the end, without gaps. */
export function closedIntervals(rows: readonly RecordedLabel[], endNs: number): LabelInterval[] {
  let isAfterMalicious = false;
  return labelIntervals(rows, endNs).map(({ row, fromNs, untilNs }, position) => {
    const { phase, label, technique = null, source, confirmed } = row;
    const isResidual = isAfterMalicious && label === 'benign';
    isAfterMalicious ||= label === 'malicious';
    const uncertaintyNs = Number(row.uncertainty_ns);
    const times = { startNs: Math.max(0, fromNs), endNs: untilNs ?? endNs, uncertaintyNs };
    return { position, ...times, phase, label, technique, source, confirmed, isResidual };
  });
}
