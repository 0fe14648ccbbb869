import type { Clock } from '../../../src/core/time/clock.js';

/** Where the fake wall clock stands when the monotonic one is at zero: in the middle of a millisecond, 19 digits. */
export const WALL_AT_ZERO_NS = 1_795_458_771_000_250_017n;
const NS_PER_MS = 1_000_000n;

/** A clock on which only readings take time: each as long as `delays` says, in nanoseconds. */
export class FakeClock implements Clock {
  now = 0n;
  readings = 0;
  readonly #delay: (reading: number, now: bigint) => bigint;

  constructor(delay: (reading: number, now: bigint) => bigint) {
    this.#delay = delay;
  }

  monotonicNs = (): bigint => this.#read();

  wallMs = (): number => Number((WALL_AT_ZERO_NS + this.#read()) / NS_PER_MS);

  #read(): bigint {
    this.now += this.#delay(this.readings++, this.now);
    return this.now;
  }
}
