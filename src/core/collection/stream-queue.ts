import type { EmitTime } from '../contract/collector.js';
import { errorMessage } from '../errors/describe-error.js';
import type { EventMerger } from './event-merger.js';
import { rowTime } from './row-time.js';
import type { RowWriter } from './row-writer.js';
import { CONTROL, type SharedState } from './shared-state.js';

/** A row reaches its file at the latest after so long. */
const DRAIN_MS = 100;
/** A source that is told to stop needs a moment to say what it has. */
export const LAST_WORDS_NS = 100e6;
const MAX_QUEUED_BYTES = 8 * 1024 * 1024;

export interface StreamQueueOptions {
  readonly state: SharedState;
  readonly writer: RowWriter;
  readonly events: EventMerger;
  readonly originMonoNs: bigint;
  readonly originWallNs: bigint;
  /** The planned end, which holds until another one is told. */
  readonly durationNs: number;
  onFailure(error: unknown): void;
}

/**
 * Rows of a stream between their emission and their file. It is bounded: what does not fit is counted as lost, so that a
 * flood costs its own rows and not the recorder's memory.
 */
export class StreamQueue {
  readonly #o: StreamQueueOptions;
  readonly #timer: NodeJS.Timeout;
  #lines = '';
  #rows = 0;
  #seq = 0;

  constructor(options: StreamQueueOptions) {
    this.#o = options;
    this.#timer = setInterval(() => this.#tick(), DRAIN_MS);
  }

  emit(row: unknown, time?: EmitTime): void {
    const { writer } = this.#o;
    const at = this.#timeOf(time);
    if (at === null || at < 0n || this.#isPastEnd(at)) return;
    if (this.#lines.length >= MAX_QUEUED_BYTES) {
      this.lost(1);
      return;
    }
    const line = writer.encode(row, Number(at), this.#seq);
    if (line === null) return;
    this.#seq++;
    this.#rows++;
    this.#lines += line;
  }

  /** Null after an event if it can't be. */
  #timeOf(time: EmitTime | undefined): bigint | null {
    const nowNs = process.hrtime.bigint();
    try {
      return rowTime(time, { ...this.#o, nowNs });
    } catch (error) {
      this.#o.writer.refuse('t_mono_ns', errorMessage(error), nowNs);
      return null;
    }
  }

  /**
   * What a source says last, while it is stopped, tells of the time before; what it goes on to say belongs to no phase.
   * The planned end holds also where nobody tells of it in time: in a recorder that was suspended, this thread may go on first.
   */
  #isPastEnd(at: bigint): boolean {
    const { state, durationNs } = this.#o;
    const endNs = state.control === CONTROL.stop ? state.endNs : durationNs;
    return Number(at) > endNs + LAST_WORDS_NS;
  }

  lost(count: number): void {
    this.#o.state.add('lostRows', count);
    this.#o.events.add('rows_lost', process.hrtime.bigint(), {}, count);
  }

  invalid(code: string, reason: string): void {
    this.#o.writer.refuse(code, reason, process.hrtime.bigint());
  }

  #tick(): void {
    const { state, events, originMonoNs, onFailure } = this.#o;
    const now = process.hrtime.bigint();
    state.bumpBeat();
    state.look(Number(now - originMonoNs));
    events.flush(now);
    try {
      this.drain();
    } catch (error) {
      onFailure(error);
    }
  }

  /** Writes what is queued. Throws WriteFailed. */
  drain(): void {
    if (this.#rows === 0) return;
    const [lines, rows] = [this.#lines, this.#rows];
    this.#lines = '';
    this.#rows = 0;
    this.#o.writer.append(lines, rows);
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
