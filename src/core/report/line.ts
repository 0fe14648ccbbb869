import type { Axis } from './axis.js';
import { NO_COLUMN } from './phase-spans.js';
import type { Series } from './series.js';

/** A weighted mean in the making: of levels each sample counts alike, of rates each second. */
interface Sum {
  value: number;
  weight: number;
}

/** What a line shows: its points, and what is to be said of them. */
export class Line {
  readonly series: Series;
  min = Number.POSITIVE_INFINITY;
  max = Number.NEGATIVE_INFINITY;
  readonly #total: Sum = { value: 0, weight: 0 };
  readonly #byPhase: Sum[] = [];

  constructor(axis: Axis) {
    this.series = axis.newSeries();
  }

  /**
   * `amount` over `weight` is the value: a level over 1, or a rise over its seconds. `column`: of the phase in which all
   * of it lies, or NO_COLUMN.
   */
  add(slot: number, amount: number, weight: number, column: number): void {
    const value = Math.fround(amount / weight);
    if (!Number.isFinite(value)) {
      this.series.add(slot, null);
      return;
    }
    this.series.add(slot, value);
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
    addTo(this.#total, amount, weight);
    if (column === NO_COLUMN) return;
    this.#byPhase[column] ??= { value: 0, weight: 0 };
    addTo(this.#byPhase[column], amount, weight);
  }

  /** Null where there was no value. */
  get mean(): number | null {
    return meanOf(this.#total);
  }

  /** What all of it comes to, which ranks lines. */
  get total(): number {
    return Math.abs(this.#total.value);
  }

  meanIn(column: number): number | null {
    return meanOf(this.#byPhase[column]);
  }
}

function addTo(sum: Sum, value: number, weight: number): void {
  sum.value += value;
  sum.weight += weight;
}

const meanOf = (sum: Sum | undefined): number | null =>
  sum === undefined || sum.weight === 0 ? null : sum.value / sum.weight;
