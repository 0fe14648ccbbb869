import type { Message } from './parser.js';

type Count = number | bigint;
type Counts = ReadonlyMap<number, Count>;

/** What was counted since the program began. */
export interface Totals {
  /** The kernel's clock just before the maps were read, in nanoseconds. */
  readonly atNs: bigint;
  readonly calls: Counts;
  readonly errors: Counts;
  readonly forks: Count;
  readonly ends: Count;
}

const NONE: Counts = new Map();

/** Puts the messages of one print together: begin, the maps, end. */
export class Prints {
  #open: { atNs: bigint; calls: Counts; errors: Counts; forks?: Count; ends?: Count } | null = null;
  #last: Totals | null = null;

  /**
   * The print that this message ends; else null. Null too where a part of it was lost, which shows in counts below those
   * of the print before: bpftrace prints no empty map, and nothing of it means nothing only at first.
   */
  add(message: Message): Totals | null {
    if (message.type === 'begin') this.#open = { atNs: message.atNs, calls: NONE, errors: NONE };
    else if (message.type === 'end') return this.#close();
    else if (this.#open !== null) this.#fill(message);
    return null;
  }

  #fill(message: Message): void {
    const open = this.#open!;
    if (message.type === 'counts') {
      if (message.map === '@c') open.calls = message.counts;
      else if (message.map === '@e') open.errors = message.counts;
    } else if (message.type === 'count') {
      if (message.map === '@f') open.forks = message.count;
      else if (message.map === '@x') open.ends = message.count;
    }
  }

  #close(): Totals | null {
    const open = this.#open;
    this.#open = null;
    if (open === null || open.ends === undefined) return null;
    const totals = { ...open, forks: open.forks ?? 0, ends: open.ends };
    if (this.#last !== null && !follows(totals, this.#last)) return null;
    this.#last = totals;
    return totals;
  }
}

function follows(totals: Totals, last: Totals): boolean {
  const isNoLess = (now: Counts, before: Counts) =>
    [...before].every(([number, count]) => BigInt(now.get(number) ?? 0) >= BigInt(count));
  return (
    totals.atNs > last.atNs &&
    totals.forks >= last.forks &&
    totals.ends >= last.ends &&
    isNoLess(totals.calls, last.calls) &&
    isNoLess(totals.errors, last.errors)
  );
}
