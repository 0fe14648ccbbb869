import type { CollectorHost } from './collector-host.js';
import { ACTIVITY } from './shared-state.js';

export const WATCH_PERIOD_MS = 100;
const MIN_STUCK_MS = 2_000;
const MAX_STUCK_INTERVALS = 10;
/** A disk that stalls (a network's, one that is throttled) is no fault of the collector's that writes to it. */
const MIN_STUCK_WRITING_MS = 30_000;

/**
 * Tells when a collector has shown no sign of life for ten intervals, and at least two seconds, or thirty where it waits
 * for its file to be written. Counted in its own wake-ups, not in time: a recorder that was suspended does not blame its collectors.
 */
export class StuckWatch {
  readonly #host: CollectorHost;
  readonly #limit: number;
  #lastBeat: number;
  #still = 0;

  constructor(host: CollectorHost, intervalNs: number) {
    this.#host = host;
    this.#lastBeat = host.state.beat;
    this.#limit = Math.ceil(Math.max(MIN_STUCK_MS, (MAX_STUCK_INTERVALS * intervalNs) / 1e6) / WATCH_PERIOD_MS);
  }

  /** To be called every WATCH_PERIOD_MS; true if it is stuck. */
  look(): boolean {
    const { beat } = this.#host.state;
    this.#still = beat === this.#lastBeat ? this.#still + 1 : 0;
    this.#lastBeat = beat;
    const isWriting = this.#host.state.activity === ACTIVITY.writing;
    const limit = isWriting ? Math.max(this.#limit, MIN_STUCK_WRITING_MS / WATCH_PERIOD_MS) : this.#limit;
    return this.#host.isRunning && this.#still >= limit;
  }
}
