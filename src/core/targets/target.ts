import type { TargetView } from '../contract/collector.js';

/** What meta.json says of the target; secrets are redacted. */
export interface TargetFacts {
  readonly type: TargetView['type'];
  readonly pid: number | null;
  readonly start_time_ticks: bigint | null;
  readonly comm: string | null;
  readonly exe: string | null;
  readonly argv: readonly string[] | null;
  readonly is_vm: boolean;
}

/** How a target ended, as far as can be told. */
export interface TargetExit {
  /** Its exit code; null if it was ended by a signal, or is no child of ours. */
  readonly code: number | null;
  readonly signal: string | null;
}

/** The thing observed, held from before the origin until after the end. */
export interface Target {
  readonly view: TargetView;
  readonly facts: TargetFacts;
  /** Lets it run: called at the origin. */
  release(): void;
  /** Resolves when it has ended; never for a machine. The main thread watches, no collector decides. */
  readonly exited: Promise<TargetExit>;
  /** Output beyond the limit of its artifacts, which was read and dropped. */
  droppedBytes(): number;
  /** Stops watching; ends what was started. Idempotent. Returns whether all of it is gone. */
  close(): Promise<boolean>;
}
