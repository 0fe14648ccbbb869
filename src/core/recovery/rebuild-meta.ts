import { gradeEpisode } from '../episode/grade.js';
import type { Loss, Meta, Recovery } from '../episode/meta.js';
import type { Verdict } from '../grade/verdict.js';
import type { Findings } from './findings.js';
import { describeLoss } from './losses.js';
import { rebuildFigures } from './rebuild-figures.js';
import type { RebuiltLabels } from './rebuild-labels.js';
import { nothingTold } from './scan-events.js';

/** meta.json as it has to be. What the recorder itself wrote at the end stands. */
export function rebuildMeta(
  { meta, originNs, endNs, telemetry, events, labels, lost }: Findings,
  by: Pick<Recovery, 'at_realtime_ns' | 'version'>,
): Meta {
  const isFinal = meta.end_ns !== null;
  const bySource = new Map(telemetry.map((each) => [each.figures.source, each]));
  const collectors = meta.collectors.map((figures) =>
    rebuildFigures({
      figures,
      scan: bySource.get(figures.source)?.scan ?? null,
      told: events?.collectors.get(figures.source) ?? nothingTold(),
      endNs,
      isFinal,
    }),
  );
  const { start } = meta.clocks;
  const recovered: Meta = {
    ...meta,
    status: 'failed',
    end_reason: meta.end_reason ?? events?.ended?.reason ?? 'recorder_died',
    recovered: true,
    recovery: { ...by, lost },
    clocks: {
      ...meta.clocks,
      origin_realtime_ns: originNs,
      origin_monotonic_ns: BigInt(start.monotonic_ns) + originNs - BigInt(start.realtime_ns),
    },
    end_ns: BigInt(endNs),
    phases: isFinal && labels.damagedLines === 0 ? meta.phases : labels.phases,
    labels: labels.figures,
    collectors,
  };
  const { grade, reasons } = gradeRecovered(recovered, labels, lost);
  // what the recorder itself had found stays true; an interrupted recovery had found the same as this one
  const before = meta.recovery ? [] : meta.grade_reasons;
  return { ...recovered, grade, grade_reasons: [...new Set([...reasons, ...before])] };
}

function gradeRecovered(meta: Meta, { failedActions }: RebuiltLabels, lost: readonly Loss[]): Verdict {
  const seconds = (ns: number | bigint | null) => `${(Number(ns) / 1e9).toFixed(3)} s`;
  const { end_reason: reason, end_ns: endNs, duration_ns: durationNs } = meta;
  const how = reason === 'recorder_died' ? 'its recorder died' : `${reason}, and its recorder did not seal it,`;
  const failure = `${how} after ${seconds(endNs)} of ${seconds(durationNs)}`;
  return gradeEpisode({ meta, failedActions, failure, told: lost.map(describeLoss) });
}
