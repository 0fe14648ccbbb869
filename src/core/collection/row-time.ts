import type { EmitTime } from '../contract/collector.js';

/** Clocks are read one after the other, and those of other programs are theirs: a row may seem so much younger than now. */
const AHEAD_NS = 100_000_000n;
/** What was measured before the origin may arrive so long after it. */
const LATE_NS = 1_000_000_000n;

export interface RowClocks {
  readonly originMonoNs: bigint;
  readonly originWallNs: bigint;
  /** CLOCK_MONOTONIC. */
  readonly nowNs: bigint;
}

/**
 * When a row was measured, in nanoseconds since the origin; negative before it. Throws what is wrong with its time: a clock
 * or a unit that was mistaken for another would put it years away, and every row behind it out of order.
 */
export function rowTime(time: EmitTime | undefined, { originMonoNs, originWallNs, nowNs }: RowClocks): bigint {
  const now = nowNs - originMonoNs;
  if (time === undefined) return now;
  const { at, clock } = time;
  if (typeof at !== 'bigint') throw new Error(`the row's time is a ${typeof at}; it must be a bigint of nanoseconds`);
  if (clock !== 'monotonic' && clock !== 'realtime')
    throw new Error(`the row's clock is ${JSON.stringify(clock)}; it must be "monotonic" or "realtime"`);
  const own = at - (clock === 'realtime' ? originWallNs : originMonoNs);
  const words = `in nanoseconds of CLOCK_${clock.toUpperCase()}`;
  if (own > now + AHEAD_NS) throw new Error(`its time ${at} lies ${own - now} ns ahead of its arrival, ${words}`);
  if (own < 0n && now > LATE_NS)
    throw new Error(`its time ${at} lies ${-own} ns before the origin, and it came ${now} ns after that, ${words}`);
  return own;
}
