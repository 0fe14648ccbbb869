/** What stands for no value, and breaks a line. */
const NONE = Number.NaN;
/** What stands for nothing to say about a time: a line goes on across it. */
const SKIP = Number.POSITIVE_INFINITY;
const GROWTH = 2;
const FIRST_LENGTH = 64;

/** The points of one line, by their place on the axis of its source. */
export interface Series {
  /** A value, or null where there is none, at a slot that is not before the last one. */
  add(slot: number, value: number | null): void;
  /** The line does not go on from here to what comes next. */
  break(): void;
  /** Whether it is broken behind this slot. */
  isBroken(slot: number): boolean;
  /** The values at the slots of the axis, two for each where the axis has buckets. */
  read(slot: number): readonly [number] | readonly [number, number];
}

/** One value a slot, as they come. */
export class SampleSeries implements Series {
  #values = new Float32Array(FIRST_LENGTH).fill(NONE);

  add(slot: number, value: number | null): void {
    if (slot >= this.#values.length) this.#grow(slot);
    this.#values[slot] = value ?? NONE;
  }

  /** Where there is no sample there is no value, and that breaks a line. */
  break(): void {}

  isBroken(): boolean {
    return false;
  }

  read(slot: number): readonly [number] {
    return [this.#values[slot] ?? NONE];
  }

  #grow(slot: number): void {
    const larger = new Float32Array(Math.max(slot + 1, this.#values.length * GROWTH)).fill(NONE);
    larger.set(this.#values);
    this.#values = larger;
  }
}

const MIN_FIRST = 1;
const BROKEN = 2;

/** The least and the greatest value of each slot, in the order in which they came: no peak is lost, however narrow. */
export class BucketSeries implements Series {
  readonly #min: Float32Array;
  readonly #max: Float32Array;
  readonly #flags: Uint8Array;
  #last = -1;

  constructor(slots: number) {
    this.#min = new Float32Array(slots).fill(SKIP);
    this.#max = new Float32Array(slots).fill(SKIP);
    this.#flags = new Uint8Array(slots);
  }

  add(slot: number, value: number | null): void {
    if (value === null) {
      this.break();
      return;
    }
    this.#last = slot;
    if (this.#min[slot] === SKIP) {
      this.#min[slot] = value;
      this.#max[slot] = value;
    } else if (value < this.#min[slot]!) {
      this.#min[slot] = value;
      this.#flags[slot]! &= ~MIN_FIRST;
    } else if (value > this.#max[slot]!) {
      this.#max[slot] = value;
      this.#flags[slot]! |= MIN_FIRST;
    }
  }

  break(): void {
    if (this.#last >= 0) this.#flags[this.#last]! |= BROKEN;
  }

  isBroken(slot: number): boolean {
    return (this.#flags[slot]! & BROKEN) !== 0;
  }

  read(slot: number): readonly [number, number] {
    const [min, max] = [this.#min[slot]!, this.#max[slot]!];
    return (this.#flags[slot]! & MIN_FIRST) !== 0 ? [min, max] : [max, min];
  }
}

export { NONE, SKIP };
