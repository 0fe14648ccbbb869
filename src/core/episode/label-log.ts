import { LineAppender } from '../files/line-appender.js';
import { jsonLine } from '../json/json-line.js';
import type { RecordedLabel } from '../labels/label-figures.js';
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
  /** What is in the file. */
  readonly rows: RecordedLabel[] = [];
  readonly #appender: LineAppender;

  readonly #onFailure: (error: unknown) => void;
  readonly #onWritten: () => void;

  /** `onWritten`: a label that does not outlive a power cut, beside rows that do, would be a wrong one. */
  constructor(path: string, onFailure: (error: unknown) => void, onWritten: () => void) {
    this.#appender = new LineAppender(path);
    this.#onFailure = onFailure;
    this.#onWritten = onWritten;
  }

  write(times: Times, row: LabelRow): void {
    const { t_mono_ns, t_wall_ns } = times;
    const seq = this.rows.length;
    try {
      this.#appender.append(jsonLine({ seq, t_mono_ns, t_wall_ns, ...row }));
      this.rows.push({ seq, t_mono_ns, ...row });
      this.#onWritten();
    } catch (error) {
      this.#onFailure(error);
    }
  }

  /** Of whole lines. */
  get bytes(): number {
    return this.#appender.bytes;
  }

  close(): void {
    this.#appender.close();
  }
}
