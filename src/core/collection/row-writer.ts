import { errorCode, errorMessage } from '../errors/describe-error.js';
import type { LineAppender } from '../files/line-appender.js';
import { MAX_LINE_BYTES } from '../files/line-cutter.js';
import { type RowEncoder, RowError } from '../rows/row-encoder.js';
import { MAX_CODE_CHARS, MAX_TEXT_CHARS } from './bounds.js';
import type { EventMerger } from './event-merger.js';
import { ACTIVITY, type SharedState } from './shared-state.js';

/** The telemetry file could not be written: the episode is over. */
export class WriteFailed extends Error {
  readonly code: string;

  constructor(cause: unknown) {
    super(errorMessage(cause), { cause });
    this.name = 'WriteFailed';
    this.code = errorCode(cause);
  }
}

export interface RowWriterOptions {
  readonly appender: LineAppender;
  readonly encode: RowEncoder;
  readonly state: SharedState;
  readonly events: EventMerger;
  readonly originMonoNs: bigint;
  readonly originWallNs: bigint;
}

/** Checks, prints and appends rows: the only way into a telemetry file. */
export class RowWriter {
  readonly #options: RowWriterOptions;

  constructor(options: RowWriterOptions) {
    this.#options = options;
  }

  /**
   * One row as a line, or null after an event if its schema refuses it. Time in nanoseconds since the origin; it never
   * decreases within a file.
   */
  encode(row: unknown, tMonoNs: number, position: number, epoch = 0): string | null {
    const { encode, originMonoNs, originWallNs, state } = this.#options;
    const last = state.get('lastRowNs');
    try {
      if (tMonoNs < last)
        throw new RowError('t_mono_ns', `measured ${last - tMonoNs} ns before the row in front of it`);
      const line = encode(row, tMonoNs, originWallNs + BigInt(tMonoNs), position, epoch);
      if (line.length > MAX_LINE_BYTES)
        throw new RowError('', `a row of ${line.length} bytes; no reader takes more than ${MAX_LINE_BYTES}`);
      if (tMonoNs - last > state.get('longestGapNs')) state.set('longestGapNs', tMonoNs - last);
      state.set('lastRowNs', tMonoNs);
      return line;
    } catch (error) {
      // a getter or a proxy of the plugin's may throw anything: its row is invalid all the same
      this.refuse(
        (error instanceof RowError && error.key) || 'row',
        errorMessage(error),
        originMonoNs + BigInt(tMonoNs),
      );
      return null;
    }
  }

  /** Counts what is no row, and tells why. */
  refuse(code: string, reason: string, atMonoNs: bigint): void {
    const { state, events } = this.#options;
    state.add('invalidRows', 1);
    events.add('rows_invalid', atMonoNs, {
      code: code.slice(0, MAX_CODE_CHARS),
      reason: reason.slice(0, MAX_TEXT_CHARS),
    });
  }

  /** Appends whole lines. Throws WriteFailed. */
  append(lines: string, rows: number): void {
    const { appender, state } = this.#options;
    const before = state.activity;
    state.activity = ACTIVITY.writing;
    try {
      appender.append(lines);
    } catch (error) {
      throw new WriteFailed(error);
    }
    state.add('rows', rows);
    state.set('bytes', appender.bytes);
    state.activity = before; // not before all is counted: a thread that is ended until then has its file counted
  }
}
