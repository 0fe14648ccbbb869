import type { EpisodeEvent } from './event-log.js';

/** How an episode stands at this moment, for a person who waits. */
export interface LiveSnapshot {
  readonly phase: string | null;
  readonly label: string | null;
  readonly elapsedNs: number;
  readonly durationNs: number;
  readonly collectors: readonly {
    readonly source: string;
    readonly rows: number;
    readonly missed: number;
    readonly isRunning: boolean;
  }[];
}

/** Who watches an episode. Nothing that it does may throw. */
export interface EpisodeObserver {
  /** The target takes a while to be ready, as a virtual machine does. */
  onPreparing(what: string): void;
  onStart(episode: { readonly id: string; readonly path: string; snapshot(): LiveSnapshot }): void;
  onEvent(event: EpisodeEvent): void;
}
