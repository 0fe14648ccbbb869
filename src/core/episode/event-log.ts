import { LineAppender } from '../files/line-appender.js';
import { jsonLine } from '../json/json-line.js';
import { redactLine } from '../redaction/redact-argv.js';
import type { Times } from './episode-clock.js';

export type EventName =
  | 'target_started'
  | 'target_exited'
  | 'target_event'
  | 'phase_started'
  | 'action_started'
  | 'action_exited'
  | 'action_failed'
  | 'collector_absent'
  | 'collector_failed'
  | 'collector_abandoned'
  | 'ticks_missed'
  | 'rows_invalid'
  | 'rows_lost'
  | 'source_unreadable'
  | 'signal'
  | 'disk_full'
  | 'episode_ended';

export interface EpisodeEvent extends Times {
  readonly event: EventName;
  /** The collector, or `recorder`, `target`, `phase`. */
  readonly source: string;
  readonly [field: string]: unknown;
}

/** events.jsonl: written by the main thread alone. */
export class EventLog {
  readonly #appender: LineAppender;
  readonly #listeners: ((event: EpisodeEvent) => void)[] = [];

  readonly #onFailure: (error: unknown) => void;

  constructor(path: string, onFailure: (error: unknown) => void) {
    this.#appender = new LineAppender(path);
    this.#onFailure = onFailure;
  }

  onEvent(listener: (event: EpisodeEvent) => void): void {
    this.#listeners.push(listener);
  }

  /**
   * Events are written in order of arrival, so their times are those of the arrival and never decrease. When it happened
   * elsewhere stands in `at_mono_ns`. A full disk is told once, and later events are shown but not written.
   */
  write(times: Times, event: EventName, source: string, fields: Readonly<Record<string, unknown>> = {}): void {
    const host = { ...times, event, source };
    const reason = typeof fields.reason === 'string' && { reason: redactLine(fields.reason) }; // it may quote a program
    const row: EpisodeEvent = { ...host, ...fields, ...reason, ...host }; // host first, for the order; last, so that no field takes its place
    try {
      this.#appender.append(jsonLine(row));
    } catch (error) {
      this.#onFailure(error);
    }
    for (const listener of this.#listeners) listener(row);
  }

  /** Of whole lines. */
  get bytes(): number {
    return this.#appender.bytes;
  }

  close(): void {
    this.#appender.close();
  }
}
