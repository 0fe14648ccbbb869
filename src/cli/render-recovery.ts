import type { CisError } from '../core/errors/cis-error.js';
import { EXIT } from '../core/errors/error-table.js';
import { describeLoss } from '../core/recovery/losses.js';
import type { RecoveredEpisode } from '../core/recovery/recover-episode.js';
import { oneLine } from './sanitize.js';

/** What became of one of the episodes that a command named. */
export type RecoverOutcome = { readonly episode: string } & (
  | { readonly recovered: RecoveredEpisode }
  | { readonly error: CisError }
);

/** That one is finished already is no failure beside episodes that were recovered. */
export function recoverExitCode(outcomes: readonly RecoverOutcome[]): number {
  const isFinished = (outcome: RecoverOutcome) => 'error' in outcome && outcome.error.code === 'EPISODE_FINISHED';
  const codes = outcomes.filter((outcome) => !isFinished(outcome)).map(codeOf);
  const worst = [EXIT.failed, EXIT.degraded, EXIT.cannotBegin, EXIT.ok].find((code) => codes.includes(code));
  return worst ?? EXIT.cannotBegin;
}

function codeOf(outcome: RecoverOutcome): number {
  if ('error' in outcome) return outcome.error.exitCode;
  return outcome.recovered.lost.length === 0 ? EXIT.ok : EXIT.degraded;
}

export function recoverText(outcomes: readonly RecoverOutcome[]): string {
  return outcomes
    .map((outcome) => {
      if ('error' in outcome) return `${oneLine(outcome.episode)}: ${oneLine(outcome.error.message)}\n`;
      const { path, completed, rows, endNs, lost, verdict } = outcome.recovered;
      if (completed === 'relabelling') return `${path}: its relabelling was completed, grade ${verdict.grade}\n`;
      const what = lost.map((loss) => `  - ${oneLine(describeLoss(loss))}\n`).join('');
      const loss = lost.length === 0 ? 'nothing was lost' : 'something was lost:';
      return `${path}: recovered ${rows} rows of ${(Number(endNs) / 1e9).toFixed(3)} s; ${loss}\n${what}`;
    })
    .join('');
}

export function recoverDocument(outcomes: readonly RecoverOutcome[]): object {
  return { episodes: outcomes.map(episodeDocument) };
}

function episodeDocument(outcome: RecoverOutcome): object {
  const { episode } = outcome;
  if ('error' in outcome) {
    const { code, message } = outcome.error;
    return { episode, path: null, completed: null, error: { code, message } };
  }
  const { path, id, completed, rows, endNs, endReason, lost, verdict } = outcome.recovered;
  const { grade, reasons } = verdict;
  return {
    episode,
    path,
    id,
    completed,
    rows,
    end_ns: endNs,
    end_reason: endReason,
    grade,
    reasons,
    lost,
    error: null,
  };
}
