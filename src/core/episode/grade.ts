import type { CollectorFigures } from './collector-figures.js';

export type Grade = 'ok' | 'degraded' | 'invalid';

export interface Verdict {
  readonly grade: Grade;
  /** A sentence for each thing that keeps it from `ok`. */
  readonly reasons: readonly string[];
}

/** A few ticks may be missed on any machine: at most two, or 1 %. */
const MISSED_TICKS = 2;
const MISSED_SHARE = 0.01;

export interface GradeInput {
  readonly hasFailed: boolean;
  readonly collectors: readonly CollectorFigures[];
  /** Actions that could not start, or ended too early; a sentence each. */
  readonly failedActions: readonly string[];
  readonly unreachedPhases: readonly string[];
  /** Phases that began far from their plan; a sentence each. */
  readonly delays: readonly string[];
  /** Things started for the episode that could not be ended. */
  readonly leftovers: readonly string[];
}

/** The verdict on a finished episode; docs/data-model.md explains it. Never flattering: what is in doubt counts against it. */
export function gradeEpisode({
  hasFailed,
  collectors,
  failedActions,
  unreachedPhases,
  delays,
  leftovers,
}: GradeInput): Verdict {
  const invalid = [...(hasFailed ? ['the recording failed before its end'] : []), ...collectors.flatMap(withoutRows)];
  const degraded = [
    ...collectors.flatMap(imperfections),
    ...failedActions,
    ...(unreachedPhases.length > 0 ? [`phases never reached: ${unreachedPhases.join(', ')}`] : []),
    ...delays,
    ...leftovers,
  ];
  const grade = invalid.length > 0 ? 'invalid' : degraded.length > 0 ? 'degraded' : 'ok';
  return { grade, reasons: [...invalid, ...degraded] };
}

/** A sparse stream that was alive may have had nothing to say; an absent collector is a reason of its own. */
function withoutRows({ source, rows, state, is_sparse }: CollectorFigures): string[] {
  const isQuiet = is_sparse && state === 'ok';
  return rows === 0 && state !== 'absent' && !isQuiet ? [`${source} has no rows`] : [];
}

function imperfections(figures: CollectorFigures): string[] {
  const { source, state, state_reason, ticks_missed, ticks_scheduled, rows_invalid, rows_lost, sample_errors } =
    figures;
  const reasons: string[] = [];
  if (state !== 'ok') reasons.push(`${source} ${WORDS[state]}${state_reason ? `: ${state_reason}` : ''}`);
  if (
    ticks_missed !== null &&
    ticks_scheduled !== null &&
    ticks_missed > Math.max(MISSED_TICKS, MISSED_SHARE * ticks_scheduled)
  ) {
    reasons.push(`${source} missed ${ticks_missed} of ${ticks_scheduled} ticks`);
  }
  if (rows_invalid > 0) reasons.push(`${source} returned ${rows_invalid} invalid rows`);
  if (rows_lost > 0) reasons.push(`${source} lost ${rows_lost} rows`);
  if (sample_errors > 0) reasons.push(`${source} failed in ${sample_errors} samples`);
  return reasons;
}

const WORDS = { absent: 'was absent', failed: 'failed', abandoned: 'was abandoned' } as const;
