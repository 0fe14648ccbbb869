import type { Clock } from './clock.js';

/** One instant on both clocks. Times in nanoseconds. */
export interface WallAnchor {
  readonly monotonicNs: bigint;
  readonly realtimeNs: bigint;
  /** The edge of the millisecond lies at most this far from `monotonicNs`. */
  readonly errorNs: number;
}

const GOOD_ENOUGH_NS = 10_000n;
const ATTEMPTS = 10;
const NS_PER_MS = 1_000_000n;

/**
 * Catches the edge of a wall-clock millisecond: JavaScript shows the wall clock in milliseconds only, but at the instant
 * at which it steps it is exact. The error is half the time between the two readings around the step, about 0.2 us;
 * an attempt that was interrupted is repeated, and the best one is taken.
 */
export function catchWallAnchor(clock: Clock): WallAnchor {
  let best: WallAnchor | undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const anchor = catchEdge(clock);
    if (best === undefined || anchor.errorNs < best.errorNs) best = anchor;
    if (anchor.errorNs <= Number(GOOD_ENOUGH_NS)) break;
  }
  return best!;
}

/** The edge lies between the last reading that did not show it and the first that did: after what was read before the one, before what was read after the other. */
function catchEdge(clock: Clock): WallAnchor {
  let before = clock.monotonicNs();
  const start = clock.wallMs();
  let between = clock.monotonicNs();
  for (;;) {
    const wall = clock.wallMs();
    const after = clock.monotonicNs();
    if (wall !== start) {
      const half = (after - before) / 2n;
      return {
        monotonicNs: before + half,
        realtimeNs: BigInt(wall) * NS_PER_MS,
        errorNs: Number(after - before - half),
      };
    }
    before = between;
    between = after;
  }
}

/** The wall time of an instant: the anchor plus the monotonic distance, so that it never steps back. */
export function wallTimeNs(anchor: WallAnchor, monotonicNs: bigint): bigint {
  return anchor.realtimeNs + (monotonicNs - anchor.monotonicNs);
}
