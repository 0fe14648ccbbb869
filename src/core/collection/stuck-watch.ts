import type { CollectorHost } from './collector-host.js';

export const WATCH_PERIOD_MS = 100;
const MIN_STUCK_MS = 2_000;
const MAX_STUCK_INTERVALS = 10;

/**
 * Tells when a collector has shown no sign of life for ten intervals, and at least two seconds. Counted in its own
 * wake-ups, not in time: a recorder that was suspended does not blame its collectors.
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
    return this.#host.isRunning && this.#still >= this.#limit;
  }
}
