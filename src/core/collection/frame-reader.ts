import type { FileReading } from '../contract/collector.js';

/**
 * What reads the files of a `files` collector. Local descriptors are one implementation; the agent of a guest is another,
 * which answers asynchronously and knows better when it read.
 */
export interface FrameReader {
  /** The readings by name; the same objects each time, refreshed by `read`. */
  readonly files: Readonly<Record<string, FileReading>>;
  open(): void | Promise<void>;
  /** Refreshes all readings. Throws what keeps a mandatory file from being read; ESRCH where its process is gone. */
  read(): void | Promise<void>;
  /** Idempotent. */
  close(): void;
}
