import type { CollectorFigures } from '../episode/collector-figures.js';
import type { ToldOfCollector } from './scan-events.js';
import type { RowScan } from './scan-rows.js';

/** What the recorder had last told of a collector, its rows, and what the events say of it. */
export interface RebuildFiguresOptions {
  readonly figures: CollectorFigures;
  /** Null where there is no file. */
  readonly scan: RowScan | null;
  readonly told: ToldOfCollector;
  readonly endNs: number;
  /** Whether the recorder had come to write the figures of the end. */
  readonly isFinal: boolean;
}

/**
 * A collector's figures from what is there. Where the recorder wrote its own at the end and the rows are still those, they
 * stand. Else a tick without a row counts as missed: whether it was run and had nothing to tell died with the recorder.
 */
export function rebuildFigures({ figures, scan, told, endNs, isFinal }: RebuildFiguresOptions): CollectorFigures {
  const { rows, bytes, state, kind, interval_ns: interval } = figures;
  if (state === 'absent' || kind === null) return figures;
  if (isFinal && scan !== null && scan.lines === Number(rows) && scan.bytes === Number(bytes)) return figures;
  const scheduled = kind === 'stream' || interval === null ? null : Math.ceil(endNs / Number(interval));
  const run = scheduled === null ? null : (scan?.ticks ?? 0);
  return {
    ...figures,
    ...outcome(figures, scan, told),
    ticks_scheduled: scheduled,
    ticks_run: run,
    ticks_missed: scheduled === null || run === null ? null : Math.max(0, scheduled - run),
    rows: scan?.lines ?? 0,
    rows_invalid: told.rowsInvalid,
    rows_lost: told.rowsLost + Math.max(scan?.damagedLines ?? 0, scan?.goneRows ?? 0),
    sample_errors: Object.values(told.errors).reduce((sum, count) => sum + count, 0),
    errors: told.errors,
    bytes: scan?.bytes ?? 0,
    longest_gap_ns: Math.max(scan?.longestGapNs ?? 0, endNs - (scan?.lastNs ?? 0)),
    // the rows do not tell them
    ticks_late: null,
    longest_pause_ns: null,
    longest_pause_from_ns: null,
    lateness_ns: scan?.lateness ?? null,
  };
}

function outcome(
  { is_sparse: isSparse }: CollectorFigures,
  scan: RowScan | null,
  { failure, abandonment }: ToldOfCollector,
): Pick<CollectorFigures, 'state' | 'state_reason'> {
  if (abandonment !== null) return { state: 'abandoned', state_reason: abandonment };
  if (failure !== null) return { state: 'failed', state_reason: failure };
  const isSilent = isSparse && (scan?.lines ?? 0) === 0;
  return isSilent
    ? { state: 'failed', state_reason: 'it gave no rows, and whether it was alive died with the recorder' }
    : { state: 'ok', state_reason: null };
}
