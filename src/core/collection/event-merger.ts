import { MANY_CODES } from './count-error.js';
import type { EventFields } from './protocol.js';

const SECOND_NS = 1_000_000_000n;
/** So many codes at once are told apart; whoever has more shares one. */
const MAX_PENDING = 64;

interface Pending {
  readonly event: string;
  readonly since: bigint;
  fields: EventFields;
  count: number;
}

/** Passes an event on: `atMonoNs` is CLOCK_MONOTONIC. */
type Send = (event: string, atMonoNs: bigint, fields: EventFields) => void;

/**
 * Merges repeats of an event to one per name (and code) and second, so that a collector that fails at 1 kHz does not
 * drown its episode. The first is passed on at once; what repeats it is counted and passed on when its second is over.
 */
export class EventMerger {
  readonly #pending = new Map<string, Pending>();
  readonly #send: Send;

  constructor(send: Send) {
    this.#send = send;
  }

  /** `count` is how many things this one call stands for; it is summed over the repeats. */
  add(event: string, now: bigint, fields: EventFields, count = 1): void {
    this.flush(now);
    const key = `${event}\0${fields.code ?? ''}`;
    const pending = this.#pending.get(key);
    if (pending === undefined && this.#pending.size >= MAX_PENDING && fields.code !== MANY_CODES)
      this.add(event, now, { ...fields, code: MANY_CODES }, count);
    else if (pending === undefined) {
      this.#pending.set(key, { event, since: now, fields, count: 0 });
      this.#send(event, now, { ...fields, count });
    } else {
      if (pending.count === 0) pending.fields = fields;
      pending.count += count;
    }
  }

  get isEmpty(): boolean {
    return this.#pending.size === 0;
  }

  /** Passes on what has waited for a second; at the end, all of it. */
  flush(now: bigint, isEnd = false): void {
    for (const [key, { event, since, fields, count }] of this.#pending) {
      if (!isEnd && now - since < SECOND_NS) continue;
      // what goes on happening waits for the next second to be over
      if (count > 0 && !isEnd) this.#pending.set(key, { event, since: now, fields, count: 0 });
      else this.#pending.delete(key);
      if (count > 0) this.#send(event, now, { ...fields, count });
    }
  }
}
