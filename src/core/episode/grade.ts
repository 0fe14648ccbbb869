import { collectorReasons } from '../grade/collector-reasons.js';
import { type GradedRecording, recordingReasons } from '../grade/recording-reasons.js';
import { thresholdsOf } from '../grade/thresholds.js';
import type { Verdict } from '../grade/verdict.js';
import type { CollectorFigures } from './collector-figures.js';
import type { Meta } from './meta.js';

export interface GradeInput {
  /** As it is about to be saved, or as it was read back. */
  readonly meta: GradedRecording & Pick<Meta, 'status' | 'config' | 'collectors'>;
  /** What the labels as recorded tell of actions; a sentence each. */
  readonly failedActions: readonly string[];
  /** What made it fail, in words. */
  readonly failure?: string | null;
  /** What no figure tells: things that could not be ended, what of the target's own record or clean start is missing; a sentence each. */
  readonly told?: readonly string[];
  /** What somebody else put into the episode's folder; a sentence each. */
  readonly foreign?: readonly string[];
}

/**
 * The verdict on a finished episode, by the thresholds in `config.grade` of its own meta.json; docs/data-model.md explains
 * it. Never flattering: what is in doubt counts against it.
 */
export function gradeEpisode({ meta, failedActions, failure = null, told = [], foreign = [] }: GradeInput): Verdict {
  const limits = thresholdsOf(meta.config);
  const invalid = [...failed(meta.status, failure), ...withoutTelemetry(meta.collectors), ...foreign];
  const degraded = [
    ...meta.collectors.flatMap((figures) =>
      collectorReasons({ figures, intervalNs: intervalOf(figures, meta) }, limits),
    ),
    ...failedActions,
    ...recordingReasons(meta, limits),
    ...told,
  ];
  const grade = invalid.length > 0 ? 'invalid' : degraded.length > 0 ? 'degraded' : 'ok';
  return { grade, reasons: [...invalid, ...degraded] };
}

function failed(status: Meta['status'], failure: string | null): string[] {
  return status === 'failed' ? [`the recording failed before its end${failure === null ? '' : `: ${failure}`}`] : [];
}

/** A sparse stream that was alive may have had nothing to say; one absence among several is a reason of its own. */
function withoutTelemetry(collectors: readonly CollectorFigures[]): string[] {
  if (collectors.every(({ state }) => state === 'absent')) return ['every collector was absent'];
  return collectors
    .filter(({ rows, state, is_sparse }) => rows === 0 && state !== 'absent' && !(is_sparse && state === 'ok'))
    .map(({ source }) => `${source} has no rows`);
}

/** A stream has an interval in the configuration alone: its tool may count by it. */
function intervalOf({ source, interval_ns }: CollectorFigures, { config }: Pick<Meta, 'config'>): number {
  const { collectors } = (config ?? {}) as { readonly collectors?: Record<string, { readonly interval_ns?: number }> };
  return Number(interval_ns ?? collectors?.[source]?.interval_ns ?? 0);
}
