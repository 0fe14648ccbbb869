import type { ValidateFunction } from 'ajv';
import { countError } from '../collection/count-error.js';
import type { EpisodeEvent } from '../episode/event-log.js';
import type { EndReason } from '../episode/meta.js';
import { RowTimes } from '../validation/row-times.js';
import { type LineTest, scanWholeLines, type WholeLines } from './whole-lines.js';

/** What the events tell of one collector. */
export interface ToldOfCollector {
  rowsInvalid: number;
  rowsLost: number;
  readonly errors: Record<string, number>;
  failure: string | null;
  abandonment: string | null;
}

export interface EventScan extends WholeLines {
  readonly lastNs: number;
  /** When each phase began, since the origin. */
  readonly phaseStarts: ReadonlyMap<string, number>;
  readonly collectors: ReadonlyMap<string, ToldOfCollector>;
  /** The last event, if it is that of the end. */
  readonly ended: { readonly reason: EndReason; readonly endNs: number } | null;
}

export interface ScanEventsOptions {
  readonly validate: ValidateFunction;
  readonly originRealtimeNs: bigint;
  /** As planned: no episode ends later. */
  readonly durationNs: number;
  readonly sources: ReadonlySet<string>;
  readonly phases: ReadonlySet<string>;
}

/** Reads events.jsonl once; null if there is none. Remembers no more than the episode has collectors and phases. */
export function scanEvents(path: string, options: ScanEventsOptions): EventScan | null {
  const { sources, phases } = options;
  const told = new Map([...sources].map((source) => [source, nothingTold()]));
  const phaseStarts = new Map<string, number>();
  let lastNs = 0;
  let ended: EventScan['ended'] = null;
  const scan = scanWholeLines(
    path,
    eventTest(options, (event) => {
      const { source, phase, t_mono_ns: at } = event;
      lastNs = Math.max(lastNs, Number(at));
      ended =
        event.event === 'episode_ended' ? { reason: event.reason as EndReason, endNs: Number(event.end_ns) } : null;
      if (event.event === 'phase_started' && phases.has(String(phase)) && !phaseStarts.has(String(phase)))
        phaseStarts.set(String(phase), Math.max(0, Number(at)));
      const collector = told.get(source);
      if (collector !== undefined) tell(collector, event);
    }),
  );
  return scan === null ? null : { ...scan, lastNs, phaseStarts, collectors: told, ended };
}

/** The test of a scan; what passes it is handed to `visit`. */
export function eventTest(
  { validate, originRealtimeNs, durationNs }: ScanEventsOptions,
  visit: (event: EpisodeEvent) => void = () => {},
): LineTest {
  const times = new RowTimes(originRealtimeNs);
  return (line) => {
    try {
      const event = JSON.parse(line) as EpisodeEvent;
      if (!validate(event) || times.check(line) !== null) return false;
      if (event.event === 'episode_ended' && Number(event.end_ns) > durationNs) return false;
      visit(event);
      return true;
    } catch {
      return false;
    }
  };
}

export function nothingTold(): ToldOfCollector {
  return { rowsInvalid: 0, rowsLost: 0, errors: {}, failure: null, abandonment: null };
}

function tell(collector: ToldOfCollector, { event, ...fields }: EpisodeEvent): void {
  const count = typeof fields.count === 'number' ? fields.count : 1;
  const reason = String(fields.reason ?? '');
  if (event === 'rows_invalid') collector.rowsInvalid += count;
  if (event === 'rows_lost') collector.rowsLost += count;
  if (event === 'collector_abandoned') collector.abandonment = reason;
  if (event !== 'collector_failed') return;
  if (fields.fatal === true) collector.failure = `${fields.stage}: ${reason}`;
  else countError(collector.errors, String(fields.code ?? ''), count);
}
