import type { ClockOffset } from './guest-clock.js';
import type { Reseeding } from './reseed.js';

/** A restored guest that was not told the time is hours behind, or days. */
const MAX_OFFSET_NS = 1_000_000_000n;

/** What makes a restored guest go on where the saved one stood, a sentence each: episodes of one state are alike in that. */
export function uncleanState(random: Reseeding, { offset_ns, error_ns }: ClockOffset): string[] {
  const offsetNs = offset_ns < 0n ? -offset_ns : offset_ns;
  return [
    ...(random === 'failed' ? ["the restored guest's random generator could not be reseeded"] : []),
    ...(offsetNs - error_ns > MAX_OFFSET_NS
      ? [`the restored guest's clock could not be set: it is ${Number(offset_ns) / 1e9} s off`]
      : []),
  ];
}
