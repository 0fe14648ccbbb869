import { randomInt } from 'node:crypto';
import { drawInteger } from '../../../src/core/config/draw.js';

const given = process.env.CIS490_FAULT_SEED;
/** All choices of a run come from it: with the same seed and machine a failure is met again. */
export const SEED = given === undefined ? randomInt(2 ** 31) : Number(given);
if (!Number.isSafeInteger(SEED)) throw new Error(`CIS490_FAULT_SEED is "${given}": an integer is wanted`);

/** An integer from `min` to `max`, both included, that depends on the seed and the name of what is drawn alone. */
export const pick = (what: string, min: number, max: number): number => drawInteger(SEED, what, min, max);

/** A line for who reads the output of a run. */
export function tell(line: string): void {
  process.stderr.write(`faults: ${line} (seed ${SEED})\n`);
}

/** Random choices that a seed and a name repeat, so that no case depends on those before it. */
export class Random {
  #state: number;

  constructor(name: string) {
    this.#state = [...`${SEED}:${name}`].reduce(
      (hash, char) => Math.imul(hash ^ char.charCodeAt(0), 16_777_619),
      2_166_136_261,
    );
  }

  /** From 0 to below 1 (mulberry32). */
  number(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** From 0 to below `end`. */
  below(end: number): number {
    return Math.floor(this.number() * end);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }
}
