import type { Clock } from '../time/clock.js';
import { type WallAnchor, wallTimeNs } from '../time/wall-anchor.js';

/** The two times of a row. */
export interface Times {
  /** Nanoseconds since the origin; negative before it. */
  readonly t_mono_ns: bigint;
  /** Nanoseconds since the Unix epoch. */
  readonly t_wall_ns: bigint;
}

/** Time within one episode: the distance to its origin, and the wall time by its one anchor. */
export class EpisodeClock {
  readonly anchor: WallAnchor;
  readonly originNs: bigint;
  readonly #clock: Clock;

  constructor(clock: Clock, anchor: WallAnchor, originNs: bigint) {
    this.#clock = clock;
    this.anchor = anchor;
    this.originNs = originNs;
  }

  /** Nanoseconds since the origin. */
  now(): bigint {
    return this.#clock.monotonicNs() - this.originNs;
  }

  at(sinceOriginNs: bigint): Times {
    return { t_mono_ns: sinceOriginNs, t_wall_ns: wallTimeNs(this.anchor, this.originNs + sinceOriginNs) };
  }
}
