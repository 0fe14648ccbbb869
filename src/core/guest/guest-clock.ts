import { setTimeout as delay } from 'node:timers/promises';
import { errorCode } from '../errors/describe-error.js';
import type { WallAnchor } from '../time/wall-anchor.js';
import type { AgentClient } from './agent-client.js';
import { AgentError } from './agent-protocol.js';

const TRIES = 10;
const DEFAULT_TIMEOUT_MS = 30_000;
const WENT_SILENT: ReadonlySet<string> = new Set(['AGENT_TIMEOUT', 'AGENT_CLOSED']);
/** The agent's clock has microseconds (g_get_real_time). */
const RESOLUTION_NS = 1_000n;
/** In the year 2116: an offset from any clock of today fits 64 bits. */
const MAX_TIME_NS = 2 ** 62;

/** How far the guest's clock lies from the host's: guest minus host. */
export interface ClockOffset {
  readonly offset_ns: bigint;
  /** The offset lies within so much of it: half the fastest round trip, and the clock's resolution. */
  readonly error_ns: bigint;
  /** The host's CLOCK_MONOTONIC then. */
  readonly monotonic_ns: bigint;
}

/**
 * Asks the guest for the time, and keeps the fastest answer: it bounds the error best. What came of it within the time
 * counts, were it a single answer. Throws AGENT_* errors where there is none.
 */
export async function measureOffset(
  agent: AgentClient,
  anchor: WallAnchor,
  timeoutMs = DEFAULT_TIMEOUT_MS,
): Promise<ClockOffset> {
  const over = delay(timeoutMs, null, { ref: false });
  let best: ClockOffset | undefined;
  for (let i = 0; i < TRIES; i++) {
    try {
      const answer = await Promise.race([askOffset(agent, anchor), over]);
      if (answer === null) break;
      if (best === undefined || answer.error_ns < best.error_ns) best = answer;
    } catch (error) {
      if (best === undefined || !WENT_SILENT.has(errorCode(error))) throw error;
      break;
    }
  }
  if (best !== undefined) return best;
  throw new AgentError('AGENT_TIMEOUT', `the guest did not tell its time within ${timeoutMs / 1e3} s`);
}

async function askOffset(agent: AgentClient, anchor: WallAnchor): Promise<ClockOffset> {
  const { replies, sentNs, receivedNs } = await agent.request([{ execute: 'guest-get-time' }], { priority: 'phase' });
  const { value, refusal } = replies[0]!;
  if (refusal !== null) throw new AgentError('AGENT_REFUSED', `guest-get-time: ${refusal}`);
  const half = (receivedNs - sentNs + 1n) / 2n;
  const at = sentNs + half;
  const hostNs = anchor.realtimeNs + (at - anchor.monotonicNs);
  return {
    offset_ns: guestNs(value) - hostNs,
    error_ns: half + RESOLUTION_NS + BigInt(anchor.errorNs),
    monotonic_ns: at,
  };
}

/** The agent tells whole microseconds as nanoseconds, which a double rounds: to less than half of one. */
function guestNs(value: unknown): bigint {
  if (typeof value !== 'number' || Math.abs(value) > MAX_TIME_NS)
    throw new AgentError('AGENT_PROTOCOL', 'guest-get-time: the agent told no time');
  return BigInt(Math.round(value / 1e3)) * RESOLUTION_NS;
}

/** Sets the guest's clock to the host's. Its hardware clock may be beyond reach, which the agent tells as an error after all is done. */
export async function setTime(agent: AgentClient, anchor: WallAnchor): Promise<void> {
  const nowNs = anchor.realtimeNs + (process.hrtime.bigint() - anchor.monotonicNs);
  // microseconds are what the agent sets: it gets them to the next, which is measured afterwards
  const time = Number(nowNs / 1_000n) * 1_000;
  await agent.request([{ execute: 'guest-set-time', args: { time } }], { priority: 'phase' });
}
