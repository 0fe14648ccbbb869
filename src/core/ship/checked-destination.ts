import { setTimeout as delay } from 'node:timers/promises';
import { type Destination, DestinationError } from '../contract/destination.js';

/** How long a destination may take to close, behind which nobody waits for anything. */
const CLOSE_MS = 10_000;
const CALLS = ['exists', 'put', 'verify', 'publish', 'discard', 'close'] as const;

/** An open destination whose answers have been looked at: what is taken for "verified" may be the end of the local copy. */
export function checkedDestination(given: unknown, name: string): Destination {
  const missing = CALLS.filter((call) => typeof (given as Partial<Destination> | null)?.[call] !== 'function');
  if (missing.length > 0) throw broken(name, `has no ${missing.join(', ')}`);
  const destination = given as Destination;
  const { address } = destination;
  return {
    ...(typeof address === 'string' && { address }),
    async exists(id, call) {
      const found: unknown = await destination.exists(id, call);
      if (found === null || found instanceof Uint8Array) return found;
      throw broken(name, `answers ${typeof found} to "exists"; it has to be the bytes of the marker, or null`);
    },
    put: (episode, transfer) => destination.put(episode, transfer),
    async verify(episode, place, call) {
      const wrong: unknown = await destination.verify(episode, place, call);
      if (Array.isArray(wrong) && wrong.every((path) => typeof path === 'string')) return wrong;
      throw broken(name, `answers ${typeof wrong} to "verify"; it has to be a list of paths`);
    },
    publish: (episode, call) => destination.publish(episode, call),
    discard: (episode, call) => destination.discard(episode, call),
    async close() {
      try {
        await Promise.race([destination.close(), delay(CLOSE_MS, undefined, { ref: false })]);
      } catch {
        // what it has done is done
      }
    },
  };
}

const broken = (name: string, how: string) =>
  new DestinationError('lasting', `the destination "${name}" breaks its contract: it ${how}`);
