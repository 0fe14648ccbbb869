const NS_PER_S = 1e9;
/** Both times as plain digits, straight from the text: JSON.parse would round the second. */
const TIMES = /"t_mono_ns":\s*(-?\d{1,16})\s*,\s*"t_wall_ns":\s*(\d{10,19})\s*[,}]/;

export const NO_TIMES = 't_mono_ns and t_wall_ns must stand side by side as plain integers';

/** The two times of a line: nanoseconds since the origin, and since the Unix epoch in digits. */
export function timesIn(line: string): { readonly mono: number; readonly wall: string } | null {
  const match = TIMES.exec(line);
  return match === null ? null : { mono: Number(match[1]), wall: match[2]! };
}

/**
 * Holds the two times of each row of a file against each other and against the row before: they never decrease, and
 * their difference is the episode's origin, exact to the nanosecond. Seconds and nanoseconds are kept apart, so that no
 * 19-digit number passes through a double, and no bigint is needed for each of a million rows.
 */
export class RowTimes {
  readonly #originSeconds: number;
  readonly #originNanos: number;
  readonly #latest: number;
  #last = Number.NEGATIVE_INFINITY;

  /** `latest`: no row may have been measured later, in nanoseconds since the origin; beyond 104 days none is exact. */
  constructor(originRealtimeNs: bigint, latest = Number.MAX_SAFE_INTEGER) {
    this.#latest = latest;
    this.#originSeconds = Number(originRealtimeNs / 1_000_000_000n);
    this.#originNanos = Number(originRealtimeNs % 1_000_000_000n);
  }

  /** What is wrong with the times of this line; null if nothing is. */
  check(line: string, mayDecrease = false): string | null {
    const found = timesIn(line);
    return found === null ? NO_TIMES : this.compare(found.mono, found.wall, mayDecrease);
  }

  /** The same for times that were found already; `wall` in digits. */
  compare(mono: number, wall: string, mayDecrease = false): string | null {
    if (!mayDecrease && mono < this.#last)
      return `t_mono_ns is ${mono}, which is before the row in front of it (${this.#last})`;
    if (mono > this.#latest) return `t_mono_ns is ${mono}, which is behind the end of the episode`;
    const nanos = mono + this.#originNanos;
    const carry = Math.floor(nanos / NS_PER_S);
    const isExact =
      Number(wall.slice(0, -9)) === this.#originSeconds + carry && Number(wall.slice(-9)) === nanos - carry * NS_PER_S;
    if (!isExact) return `t_wall_ns is ${wall}, which is not the origin (clocks.origin_realtime_ns) plus t_mono_ns`;
    this.#last = mono;
    return null;
  }
}
