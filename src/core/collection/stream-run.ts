import type { EventMerger } from './event-merger.js';
import { type RowWriter, WriteFailed } from './row-writer.js';
import type { Sampler } from './sampler.js';
import { CONTROL, type SharedState } from './shared-state.js';
import { StreamQueue } from './stream-queue.js';

export interface StreamRunOptions {
  readonly state: SharedState;
  readonly events: EventMerger;
  readonly durationNs: number;
  /** To be called when the origin is known. */
  openWriter(): RowWriter;
  /** Resolves when `control` changes. */
  nextWake(): Promise<void>;
}

/** A stream's life between the release and the end. */
export class StreamRun {
  readonly #o: StreamRunOptions;
  #queue: StreamQueue | undefined;
  #isOver = false;
  #cause: unknown;
  #tellFailed!: () => void;
  readonly #failed = new Promise<void>((resolve) => (this.#tellFailed = resolve));

  constructor(options: StreamRunOptions) {
    this.#o = options;
  }

  /** The first is told: others follow from it. */
  readonly onFailure = (error: unknown): void => {
    this.#cause ??= error;
    this.#tellFailed();
  };

  /**
   * Where rows go; nowhere before the release. It is there as soon as the main thread has released the episode, and not
   * when its message arrives: on a busy machine rows come in between.
   */
  readonly findQueue = (): StreamQueue | undefined => {
    if (this.#isOver) return undefined;
    return this.#queue ?? (this.#o.state.control === CONTROL.go ? this.#open() : undefined);
  };

  #open(): StreamQueue {
    const { state, events, durationNs, openWriter } = this.#o;
    const { originMonoNs, originWallNs } = state;
    const { onFailure } = this;
    const parts = { state, events, originMonoNs, originWallNs, durationNs, onFailure };
    this.#queue = new StreamQueue({ ...parts, writer: openWriter() });
    return this.#queue;
  }

  /** Until the episode stops, or the stream fails: throws then. `onStop`: from here on it is being stopped. */
  async untilEnd(sampler: Sampler, onStop: () => void): Promise<void> {
    const { state, nextWake } = this.#o;
    const queue = this.#queue ?? this.#open();
    try {
      while (state.control !== CONTROL.stop && this.#cause === undefined)
        await Promise.race([nextWake(), this.#failed]);
      if (this.#cause === undefined) onStop();
      await this.#end(queue, sampler);
      if (this.#cause !== undefined) throw this.#cause;
    } finally {
      this.#isOver = true;
      queue.close();
    }
  }

  /** What it says while it is stopped still counts, and so does what it had said before it failed. */
  async #end(queue: StreamQueue, sampler: Sampler): Promise<void> {
    try {
      if (this.#cause === undefined) await sampler.stop?.();
    } finally {
      if (!(this.#cause instanceof WriteFailed)) queue.drain();
    }
  }
}
