import type { FileSpec } from '../contract/collector.js';

/**
 * How a collector's thread has files of the guest read: the main thread owns the agent's port, and serves one
 * MessagePort per collector. A set is files that were opened together; it is answered whole.
 */
export type FileRequest =
  | { readonly id: number; readonly op: 'open'; readonly set: number; readonly specs: readonly FileSpec[] }
  | { readonly id: number; readonly op: 'read'; readonly set: number }
  | { readonly id: number; readonly op: 'close'; readonly set: number };

/** What was read of one file, or why not (`ENOENT`). */
export interface FileContent {
  readonly bytes: Uint8Array | null;
  readonly error: string | null;
}

/** When a set was read: between request and reply. CLOCK_MONOTONIC. */
export interface ReadingTime {
  readonly sentNs: bigint;
  readonly receivedNs: bigint;
  /** Raised where counters may have started anew: the agent was connected again. */
  readonly epoch: number;
}

export type FileReply =
  | { readonly id: number; readonly failure: { readonly code: string; readonly message: string } }
  | { readonly id: number; readonly contents: readonly FileContent[]; readonly time: ReadingTime | null };
