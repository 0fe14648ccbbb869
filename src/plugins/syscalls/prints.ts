import type { Message } from './parser.js';

type Count = number | bigint;
export type Counts = ReadonlyMap<number, Count>;

/** What was counted from one print to the next. */
export interface Interval {
  /** Its end on the kernel's clock, in nanoseconds. */
  readonly atNs: bigint;
  readonly spanNs: bigint;
  /** By number; only those above zero. */
  readonly calls: Counts;
  readonly errors: Counts;
  readonly processes: number;
}

/** A set of maps as it was printed: all that was counted in it since the program began. */
interface Print {
  readonly set: number;
  readonly atNs: bigint;
  calls: Counts;
  errors: Counts;
  forks: Count;
  ends: Count | null;
}

const NONE: Counts = new Map();

/** Puts the messages of each print together, and subtracts what its set of maps had counted before. */
export class Prints {
  readonly #last = new Map<number, Print>();
  #open: Print | null = null;
  #beganNs: bigint | null = null;

  /**
   * The interval that this message ends, else null. Null too for a print of which a part was lost, which shows in counts
   * below those of the one before: bpftrace prints no empty map, and nothing of it means nothing only at first. What it
   * would have told is in the next print of its set. A span of 0 is that of the first, which began when counting did.
   */
  add(message: Message): Interval | null {
    if (message.type === 'begin') this.#open = { ...message, calls: NONE, errors: NONE, forks: 0, ends: null };
    else if (message.type === 'end') return this.#close();
    else if (this.#open !== null) fill(this.#open, message);
    return null;
  }

  #close(): Interval | null {
    const print = this.#open;
    this.#open = null;
    if (print === null) return null;
    const spanNs = print.atNs - (this.#beganNs ?? print.atNs);
    if (spanNs < 0n) return null; // time goes back: nothing that a kernel does
    this.#beganNs = print.atNs;
    const last = this.#last.get(print.set);
    const calls = difference(print.calls, last?.calls ?? NONE);
    const errors = difference(print.errors, last?.errors ?? NONE);
    if (calls === null || errors === null || print.ends === null) return null;
    this.#last.set(print.set, print);
    return { atNs: print.atNs, spanNs, calls, errors, processes: processesOf(print) };
  }
}

function fill(print: Print, message: Message): void {
  if (message.type === 'counts') {
    if (message.map === `@c${print.set}`) print.calls = message.counts;
    else if (message.map === `@e${print.set}`) print.errors = message.counts;
  } else if (message.type === 'count') {
    if (message.map === '@f') print.forks = message.count;
    else if (message.map === '@x') print.ends = message.count;
  }
}

/** The target is one, and may be gone. */
const processesOf = ({ forks, ends }: Print) => Math.max(0, 1 + Number(forks) - Number(ends ?? 0));

/** Exact; null if anything has decreased. */
function difference(now: Counts, before: Counts): Counts | null {
  for (const number of before.keys()) if (!now.has(number)) return null;
  const counts = new Map<number, Count>();
  for (const [number, count] of now) {
    const more = BigInt(count) - BigInt(before.get(number) ?? 0);
    if (more < 0n) return null;
    if (more > 0n) counts.set(number, more <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(more) : more);
  }
  return counts;
}
