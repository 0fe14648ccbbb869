import type { TargetView } from '../contract/collector.js';
import { errorMessage } from '../errors/describe-error.js';
import type { Guest } from '../guest/guest.js';
import type { WallAnchor } from '../time/wall-anchor.js';

/** schemas/meta.schema.json describes all of it. Without `start` it does not run yet. */
export interface MachineFacts {
  readonly accelerator?: string;
  readonly start?: { readonly mode: string; readonly state_id: string | null };
  readonly network?: { readonly mode: string; readonly capture: { readonly packets: number | null } | null };
  readonly [key: string]: unknown;
}

/** What meta.json says of the target; secrets are redacted. */
export interface TargetFacts {
  readonly type: TargetView['type'];
  readonly pid: number | null;
  readonly start_time_ticks: bigint | null;
  readonly comm: string | null;
  readonly exe: string | null;
  readonly argv: readonly string[] | null;
  readonly is_vm: boolean;
  /** Of a `qemu` target: what the machine is made of, what it started from, and how it was kept apart. */
  readonly machine?: MachineFacts;
}

/** How a target ended, as far as can be told. */
export interface TargetExit {
  /** Its exit code; null if it was ended by a signal, or is no child of ours. */
  readonly code: number | null;
  readonly signal: string | null;
  /** Of a virtual machine: why it shut down (QMP's ShutdownCause); its exit code is 0 in all cases. */
  readonly reason?: string;
}

/** Something that a target tells by itself. */
export interface TargetEvent {
  /** Who tells, as in `qmp`. */
  readonly source: string;
  readonly code: string;
  readonly atMonoNs: bigint;
  readonly fields: Readonly<Record<string, string | number | boolean | null>>;
}

/** Why nothing more can be learned from a target that is still there. */
export interface TargetFailure {
  readonly code: string;
  readonly message: string;
}

/** A phase's `run`, as it is asked for. */
export interface ActionRequest {
  readonly argv: readonly string[];
  /** Where a local one runs. */
  readonly cwd: string;
  readonly phase: string;
  readonly episodeId: string;
  /** Folder and stem of the files that take its output. */
  readonly artifactStem: string;
}

/** A phase's `run` in motion. */
export interface PhaseAction {
  /** On the machine that it runs on. */
  readonly pid: number;
  readonly exited: Promise<TargetExit>;
  /** Output beyond the limit of its artifacts. */
  droppedBytes(): number;
  /** Ends it and all that came of it. Returns whether all is gone. */
  end(): Promise<boolean>;
}

/** An action that did not start as far as anybody saw, and may run all the same, or begin to: it could not be ended. */
export class UnendedActionError extends Error {
  constructor(cause: unknown) {
    super(errorMessage(cause), { cause });
    this.name = 'UnendedActionError';
  }
}

/** The thing observed, held from before the origin until after the end. */
export interface Target {
  readonly view: TargetView;
  readonly facts: TargetFacts;
  /** The machine inside it, if it is a virtual one. */
  readonly guest: Guest | null;
  /** Makes it ready to be observed; the one that takes long is a virtual machine's boot. Throws errors that keep the episode from beginning. */
  prepare(anchor: WallAnchor): Promise<void>;
  /** Lets it run: called at the origin. */
  release(): void;
  /** Starts a phase's `run` on the machine that is observed; resolves when the program itself is seen to run. Throws what keeps it from starting, UnendedActionError where it may yet. */
  startAction(request: ActionRequest): Promise<PhaseAction>;
  /** From here on the listener hears of all that happened since it was opened, and of all that will. */
  listen(listener: (event: TargetEvent) => void): void;
  /** Resolves when it has ended; never for a machine. The main thread watches, no collector decides. */
  readonly exited: Promise<TargetExit>;
  /** Resolves if it can't go on, though it is there. */
  readonly failed: Promise<TargetFailure>;
  /** Takes what can be told of the end while it is still there. Never throws. */
  conclude(): Promise<void>;
  /** What of its own record is missing, or of a clean start, a sentence each; final after `conclude`. */
  readonly lacks: readonly string[];
  /** Output beyond the limit of its artifacts, which was read and dropped. */
  droppedBytes(): number;
  /** Stops watching; ends what was started. Idempotent. Returns whether all of it is gone. */
  close(): Promise<boolean>;
}
