/** The clocks a recording reads. A seam: tests bring a fake one. */
export interface Clock {
  /** CLOCK_MONOTONIC in nanoseconds. */
  monotonicNs(): bigint;
  /** CLOCK_REALTIME in whole milliseconds. */
  wallMs(): number;
}

export const systemClock: Clock = {
  monotonicNs: process.hrtime.bigint,
  wallMs: Date.now,
};
