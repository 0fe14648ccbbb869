/**
 * Turns the time stamps of a program's own clock (of another origin, at the same pace) into CLOCK_MONOTONIC. A line
 * arrives later than its stamp by what printing and the pipe take: the smallest such distance so far is taken for the
 * distance of the clocks, so the error is the smallest delay and not each one's own. Times never decrease.
 */
export class ArrivalClock {
  #distanceNs: bigint | undefined;
  #lastNs = 0n;

  /** The instant of a stamp whose line arrived at `arrivedNs`; all in nanoseconds. */
  toMonotonic(stampNs: bigint, arrivedNs: bigint): bigint {
    const distanceNs = arrivedNs - stampNs;
    if (this.#distanceNs === undefined || distanceNs < this.#distanceNs) this.#distanceNs = distanceNs;
    const atNs = stampNs + this.#distanceNs;
    if (atNs > this.#lastNs) this.#lastNs = atNs;
    return this.#lastNs;
  }
}
