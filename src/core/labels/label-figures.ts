import { effectiveLabels, type PlacedLabel } from './effective-labels.js';

/** A row of labels.jsonl, of which the figures are made. */
export interface RecordedLabel extends PlacedLabel {
  readonly phase: string;
  readonly label: string;
  readonly source: 'schedule' | 'action' | 'manual';
  readonly uncertainty_ns: number | bigint;
  readonly confirmed: boolean | null;
  readonly technique?: string;
  readonly why?: string;
}

/** `labels` of meta.json: how far the labels as recorded can be relied on. */
export interface LabelFigures {
  /** The share of the time from the origin to the end under a label that stands as planned; rounded down. */
  readonly coverage: number;
  /** The largest among the labels that hold before the end. Nanoseconds. */
  readonly max_uncertainty_ns: number;
}

/** As in `planned_phases` of meta.json, or in the plan itself. */
interface PhasePlan {
  readonly name?: unknown;
  readonly label?: unknown;
}

const PRECISION = 1e6;

/**
 * Of the rows as recorded: what was corrected by hand afterwards counts neither for nor against the recording. A stretch
 * that is `unknown` because an action failed, was awaited or took long to end is not covered; one of a phase that was
 * planned as `unknown` is.
 */
export function labelFigures(rows: readonly RecordedLabel[], plan: readonly PhasePlan[], endNs: number): LabelFigures {
  const labels = effectiveLabels(asRecorded(rows));
  const planned = new Map(plan.map(({ name, label }) => [name, label]));
  let [covered, uncertainty] = [0, 0];
  for (const [i, row] of labels.entries()) {
    const from = Math.max(0, Number(row.t_mono_ns));
    const to = Math.min(endNs, Number(labels[i + 1]?.t_mono_ns ?? endNs));
    if (to <= from) continue;
    if (row.why === undefined && row.label === planned.get(row.phase)) covered += to - from;
    uncertainty = Math.max(uncertainty, Number(row.uncertainty_ns));
  }
  const coverage = endNs > 0 ? Math.floor((covered / endNs) * PRECISION) / PRECISION : 0;
  return { coverage, max_uncertainty_ns: uncertainty };
}

/** Why each action failed that did. */
export function failedActions(rows: readonly RecordedLabel[]): string[] {
  return asRecorded(rows)
    .filter(({ source, confirmed }) => source === 'action' && confirmed === false)
    .map(({ phase, why }) => why ?? `the action of phase "${phase}" failed`);
}

const asRecorded = (rows: readonly RecordedLabel[]) => rows.filter(({ source }) => source !== 'manual');
