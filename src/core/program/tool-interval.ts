import type { CollectorContext, ProbeResult } from '../contract/collector.js';

const NS_PER_MS = 1e6;
/** A tool shows that it counts by its first interval, which has to be over within the ten seconds that a start may take. */
const LONGEST_MS = 5_000;

/** The collector's interval in milliseconds, as tools want it. */
export const intervalMs = ({ intervalNs }: Pick<CollectorContext<unknown>, 'intervalNs'>): number =>
  intervalNs / NS_PER_MS;

/** What a probe says if a tool, which counts in whole milliseconds from `least` on, can't keep to the interval; else null. */
export function intervalProblem(
  tool: string,
  leastMs: number,
  context: Pick<CollectorContext<unknown>, 'intervalNs'>,
): ProbeResult | null {
  const ms = intervalMs(context);
  if (Number.isInteger(ms) && ms >= leastMs && ms <= LONGEST_MS) return null;
  return {
    status: 'unavailable',
    reason: `its interval is ${ms} ms; ${tool} counts in whole milliseconds, from ${leastMs} to ${LONGEST_MS}`,
    remedy: `give it an "interval" from ${leastMs}ms to ${LONGEST_MS / 1000}s`,
  };
}
