import type { LabelInterval } from '../reading/recorded-episode.js';

/** More are not told apart in tables; the page says so. */
const MOST_PHASES = 24;

/** Stretches of one phase under one label: a column of the tables. */
export interface PhaseColumn {
  readonly phase: string;
  readonly label: string;
  /** Nanoseconds in all. */
  ns: number;
}

/** Where in the phases a time is: finds it in order of time. */
export class PhaseSpans {
  readonly columns: readonly PhaseColumn[];
  /** Phases with labels that have no column. */
  readonly leftOut: number;
  readonly #intervals: readonly LabelInterval[];
  readonly #columnOf: readonly number[];

  constructor(intervals: readonly LabelInterval[]) {
    const all = new Map<string, PhaseColumn & { readonly index: number }>();
    this.#intervals = intervals;
    this.#columnOf = intervals.map(({ phase, label, fromNs, untilNs }) => {
      const key = JSON.stringify([phase, label]);
      const column = all.get(key) ?? { phase, label, ns: 0, index: all.size };
      all.set(key, column);
      column.ns += Math.max(0, (untilNs ?? fromNs) - Math.max(0, fromNs));
      return column.index < MOST_PHASES ? column.index : NO_COLUMN;
    });
    this.columns = [...all.values()].slice(0, MOST_PHASES);
    this.leftOut = all.size - this.columns.length;
  }

  /** Follows a source through time. */
  cursor(): PhaseCursor {
    return new PhaseCursor(this.#intervals, this.#columnOf);
  }
}

export const NO_COLUMN = -1;

export class PhaseCursor {
  /** The column of the phase in which the last time was, or NO_COLUMN; and when that phase began. */
  column = NO_COLUMN;
  fromNs = Number.NEGATIVE_INFINITY;
  readonly #intervals: readonly LabelInterval[];
  readonly #columnOf: readonly number[];
  #at = 0;

  constructor(intervals: readonly LabelInterval[], columnOf: readonly number[]) {
    this.#intervals = intervals;
    this.#columnOf = columnOf;
  }

  /** Goes on to a time that is not before the last one. */
  moveTo(ns: number): void {
    while (this.#at + 1 < this.#intervals.length && this.#intervals[this.#at + 1]!.fromNs <= ns) this.#at++;
    const interval = this.#intervals[this.#at];
    const isWithin = interval !== undefined && interval.fromNs <= ns && (interval.untilNs ?? ns + 1) > ns;
    this.column = isWithin ? this.#columnOf[this.#at]! : NO_COLUMN;
    this.fromNs = isWithin ? interval.fromNs : Number.POSITIVE_INFINITY;
  }
}
