/** What is put on one side as a whole. */
export interface Unit {
  readonly id: string;
  /** What it has of each class, as a share of all there is of that class; 0: none. */
  readonly shares: readonly number[];
}

/** How an assignment does; of two the one with fewer `missing` is better, then the one with less `deviation`. */
export interface Fit {
  /** Classes that a split lacks, over all splits. */
  readonly missing: number;
  /**
   * How far what a split has of a class lies from its ratio: root mean square over splits and classes, 0 to 1. Squares, so
   * that moving a unit helps that mends much of one class and spoils a little of another.
   */
  readonly deviation: number;
}

/** What each split has of each class, kept up as units come and go. */
export class Balance {
  readonly #ratios: readonly number[];
  readonly #classes: number;
  /** By split, then class. */
  readonly #shares: number[];
  readonly #counts: number[];

  /** `ratios` add up to 1. */
  constructor(ratios: readonly number[], classes: number) {
    this.#ratios = ratios;
    this.#classes = classes;
    this.#shares = new Array(ratios.length * classes).fill(0);
    this.#counts = new Array(ratios.length * classes).fill(0);
  }

  add({ shares }: Unit, split: number): void {
    this.#change(shares, split, 1);
  }

  remove({ shares }: Unit, split: number): void {
    this.#change(shares, split, -1);
  }

  has(split: number, label: number): boolean {
    return this.#counts[split * this.#classes + label]! > 0;
  }

  fit(): Fit {
    let missing = 0;
    let squares = 0;
    for (const [cell, share] of this.#shares.entries()) {
      if (this.#counts[cell] === 0) missing++;
      squares += (share - this.#ratios[Math.floor(cell / this.#classes)]!) ** 2;
    }
    return { missing, deviation: Math.sqrt(squares / this.#shares.length) };
  }

  #change(shares: readonly number[], split: number, sign: 1 | -1): void {
    for (let label = 0; label < this.#classes; label++) {
      const share = shares[label]!;
      if (share === 0) continue;
      this.#shares[split * this.#classes + label]! += sign * share;
      this.#counts[split * this.#classes + label]! += sign;
    }
  }
}

/** Negative if `a` is the better one. */
export function compareFits(a: Fit, b: Fit): number {
  return a.missing - b.missing || a.deviation - b.deviation;
}
