import type { CollectorTrial } from '../core/episode/collector-trial.js';
import { printJson } from '../core/json/exact-json.js';
import { eventLine } from './episode-lines.js';
import { sanitize } from './sanitize.js';

/** schemas/results/collector-test.schema.json */
export function trialDocument({ rows, figures, reasons, events }: CollectorTrial): Readonly<Record<string, unknown>> {
  const { source, ticks_scheduled, ticks_run, ticks_missed, lateness_ns } = figures;
  return { source, ticks_scheduled, ticks_run, ticks_missed, lateness_ns, rows, events, reasons };
}

export function trialText({ rows, figures, reasons, events }: CollectorTrial): string {
  const { ticks_run, ticks_scheduled, lateness_ns } = figures;
  const ms = (ns: number) => (Number(ns) / 1e6).toFixed(3);
  const late =
    lateness_ns === null ? '' : `, late by ${ms(lateness_ns.p50)} ms (median), ${ms(lateness_ns.max)} ms (most)`;
  return sanitize(
    [
      ...rows.map((row) => printJson(row).replace(/\n\s*/g, ' ').trimEnd()),
      ...events.map(eventLine),
      `${rows.length} rows${ticks_run === null ? '' : ` in ${ticks_run} of ${ticks_scheduled} ticks`}${late}`,
      ...reasons.map((reason) => `  - ${reason}`),
      '',
    ].join('\n'),
  );
}
