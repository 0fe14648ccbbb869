import type { LabelInterval } from '../select/closed-intervals.js';
import type { EpisodeInput } from '../select/episode-input.js';

/** Labels of rows that no model can be trained on. */
export const NO_CLASS: readonly string[] = ['unknown', 'unlabelled'];

/** An interval, and how much of the time it and its neighbours of the same label certainly hold. */
export interface LabelSpan extends LabelInterval {
  /** Neighbouring intervals of one label have one number. */
  readonly span: number;
  readonly holdsFromNs: number;
  readonly holdsUntilNs: number;
}

/**
 * A label holds from `guardNs` behind its begin until `guardNs` before its end, and not where these are uncertain. The
 * origin and the end of an episode need no guard: nothing of another label is on their other side.
 */
export function labelSpans(
  { intervals, endNs }: Pick<EpisodeInput, 'intervals' | 'endNs'>,
  guardNs: number,
): LabelSpan[] {
  const runs = runsOf(intervals);
  return runs.flatMap((run, span) => {
    const first = run[0]!;
    const next = runs[span + 1]?.[0];
    const holdsFromNs = first.startNs + first.uncertaintyNs + (span === 0 ? 0 : guardNs);
    const holdsUntilNs = next === undefined ? endNs : next.startNs - next.uncertaintyNs - guardNs;
    return run.map((interval) => ({ ...interval, span, holdsFromNs, holdsUntilNs }));
  });
}

function runsOf(intervals: readonly LabelInterval[]): LabelInterval[][] {
  const runs: LabelInterval[][] = [];
  for (const interval of intervals) {
    const run = runs.at(-1);
    if (run !== undefined && run[0]!.label === interval.label) run.push(interval);
    else runs.push([interval]);
  }
  return runs;
}
