import type { ValidateFunction } from 'ajv';
import { LAST_WORDS_NS } from '../collection/stream-queue.js';
import type { CollectorFigures } from '../episode/collector-figures.js';
import { createDurations, percentiles } from '../time/durations.js';
import { RowTimes } from '../validation/row-times.js';
import { RowChecker } from '../validation/validate-telemetry.js';
import { leapsAlone } from './leap.js';
import { type LineTest, scanWholeLines, type WholeLines } from './whole-lines.js';

/** What a telemetry file tells of its collector. Times in nanoseconds. */
export interface RowScan extends WholeLines {
  /** Of a stream: rows between those that are there, by their seq. */
  readonly goneRows: number;
  /** Ticks that have a row, for a collector on a schedule. */
  readonly ticks: number;
  /** Since the origin; 0 where there is no row. */
  readonly lastNs: number;
  /** The end of the episode is behind this: a tick that was run was due before it. */
  readonly lastDueNs: number;
  /** Between two rows, or from the origin to the first. */
  readonly longestGapNs: number;
  readonly lateness: CollectorFigures['lateness_ns'];
}

export interface ScanRowsOptions {
  readonly figures: CollectorFigures;
  readonly validate: ValidateFunction;
  readonly originRealtimeNs: bigint;
  /** As planned: nothing is recorded behind it. */
  readonly durationNs: number;
}

/** Reads a telemetry file once; null if there is none. */
export function scanRows(path: string, options: ScanRowsOptions): RowScan | null {
  const { kind, interval_ns: interval } = options.figures;
  const intervalNs = kind === 'stream' || interval === null ? null : Number(interval);
  const lateness = createDurations();
  let [ticks, lastTick, lastSeq, goneRows, lastNs, longestGapNs] = [0, -1, -1, 0, 0, 0];
  const checker = createChecker(options);
  const isWhole = testOf(checker);
  const scan = scanWholeLines(path, (line, next) => {
    if (!isWhole(line, next)) return false;
    const { position, monoNs } = checker;
    longestGapNs = Math.max(longestGapNs, monoNs - lastNs);
    lastNs = monoNs;
    if (kind === 'stream') {
      goneRows += position - lastSeq - 1;
      lastSeq = position;
    }
    if (intervalNs !== null && position !== lastTick) {
      lateness.record(Math.max(1, monoNs - position * intervalNs));
      lastTick = position;
      ticks++;
    }
    return true;
  });
  if (scan === null) return null;
  const lastDueNs = intervalNs === null || lastTick < 0 ? 0 : lastTick * intervalNs + 1;
  return { ...scan, goneRows, ticks, lastNs, lastDueNs, longestGapNs, lateness: percentiles(lateness) };
}

/** The same test once more, for taking out what is damaged. */
export function rowTest(options: ScanRowsOptions): LineTest {
  return testOf(createChecker(options));
}

function testOf(checker: RowChecker): LineTest {
  return (line, next) => !leapsAlone(checker.position, line, next) && checker.check(line) === null;
}

function createChecker({ figures, validate, originRealtimeNs, durationNs }: ScanRowsOptions): RowChecker {
  const isStream = figures.kind === 'stream' || figures.interval_ns === null;
  return new RowChecker({
    figures,
    validate,
    times: new RowTimes(originRealtimeNs, isStream ? durationNs + LAST_WORDS_NS : undefined),
    scheduled: isStream ? null : Math.ceil(durationNs / Number(figures.interval_ns)),
    mayLackRows: true,
  });
}
