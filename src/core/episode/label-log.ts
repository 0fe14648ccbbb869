import { LineAppender } from '../files/line-appender.js';
import { jsonLine } from '../json/json-line.js';
import type { Times } from './episode-clock.js';

export interface LabelRow {
  readonly phase: string;
  readonly label: string;
  /** What set it: the clock, or the start or end of a phase's `run`. */
  readonly source: 'schedule' | 'action' | 'manual';
  /** The label began at most so far from its time. */
  readonly uncertainty_ns: bigint;
  readonly technique?: string;
  /** Whether the action was seen to happen; null where there is none. */
  readonly confirmed: boolean | null;
  readonly why?: string;
}

/** labels.jsonl: from each row on its label holds, until the next one's time. */
export class LabelLog {
  #seq = 0;
  readonly #appender: LineAppender;

  readonly #onFailure: (error: unknown) => void;

  constructor(path: string, onFailure: (error: unknown) => void) {
    this.#appender = new LineAppender(path);
    this.#onFailure = onFailure;
  }

  write(times: Times, row: LabelRow): void {
    const { t_mono_ns, t_wall_ns } = times;
    try {
      this.#appender.append(jsonLine({ seq: this.#seq++, t_mono_ns, t_wall_ns, ...row }));
    } catch (error) {
      this.#onFailure(error);
    }
  }

  close(): void {
    this.#appender.close();
  }
}
