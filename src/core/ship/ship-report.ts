import type { Compression } from '../files/compression.js';

/**
 * What became of an episode.
 * - `shipped`: it was sent, verified, published and noted in this run;
 * - `already_there`: it was found there, verified, and noted;
 * - `noted`: shipped.jsonl has it, nothing was done; or, with `delete_after`, it was verified again;
 * - `would_ship`: a dry run found it sound, and not there;
 * - `unfinished`: it has no done.marker;
 * - `changed`: it is not what its marker says;
 * - `conflict`: there is another one of this id, or this one with other files;
 * - `failed`: a trouble did not pass.
 */
export type ShipState =
  | 'shipped'
  | 'already_there'
  | 'noted'
  | 'would_ship'
  | 'unfinished'
  | 'changed'
  | 'conflict'
  | 'failed';

export interface ShippedEpisode {
  readonly id: string;
  /** Of its folder here. */
  readonly path: string;
  readonly state: ShipState;
  /** In a sentence; null where there is nothing to say. */
  readonly reason: string | null;
  /** As they are, or would be, there; null where that is not known. */
  readonly files: number | null;
  readonly bytes: number | null;
  /** Whether the local copy was removed. */
  readonly is_removed: boolean;
  readonly attempts: number;
}

export interface ShipReport {
  readonly to: string;
  readonly is_dry_run: boolean;
  readonly compression: Compression | null;
  readonly episodes: readonly ShippedEpisode[];
  /** Episodes that the run was ended before, or in: they are still here. */
  readonly untried: number;
  /** Episodes in the output folder that have no marker yet: they stay. */
  readonly unfinished: number;
  /** Bytes that were sent, those of attempts that failed among them. */
  readonly sent_bytes: number;
  /** What ended the run before its end, in a sentence; null if nothing did. */
  readonly stopped: string | null;
  /** What may help then; null where nothing is known. */
  readonly hint: string | null;
}

/** Follows a run. */
export interface ShipObserver {
  /** `bytes` is what the episode has here. */
  onQueued?(id: string, bytes: number): void;
  onSent?(id: string, bytes: number): void;
  /** It is tried again in a moment. */
  onTrouble?(id: string, message: string): void;
  onDone?(episode: ShippedEpisode): void;
}
