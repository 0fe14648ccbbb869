import type { FileReading } from '../contract/collector.js';

/** What a reader knows better of its sample than the schedule does. */
export interface SampleStamp {
  /** When it was read: CLOCK_MONOTONIC. */
  readonly atNs: bigint;
  /** It was not read later than this. */
  readonly latestNs: bigint;
  /** Raised where counters may have started anew: no rate crosses it. */
  readonly epoch: number;
}

/**
 * What reads the files of a `files` collector. Local descriptors are one implementation; the agent of a guest is another,
 * which answers asynchronously and knows better when it read.
 */
export interface FrameReader {
  /** The readings by name; the same objects each time, refreshed by `read`. */
  readonly files: Readonly<Record<string, FileReading>>;
  open(): void | Promise<void>;
  /**
   * Refreshes all readings; one that answers asynchronously tells when it read. Throws what keeps a mandatory file from
   * being read; ESRCH where its process is gone.
   */
  read(): undefined | Promise<SampleStamp | undefined>;
  /** Idempotent. */
  close(): void;
}
