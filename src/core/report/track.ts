import type { Axis } from './axis.js';
import { Line } from './line.js';
import type { Measure } from './measures.js';
import { NO_COLUMN } from './phase-spans.js';

type Value = number | bigint;
export type Values = Readonly<Record<string, unknown>>;

/** Where and when a row is. */
export interface Place {
  /** Counts the samples of a source: rows of one tick share it. */
  readonly ordinal: number;
  readonly slot: number;
  readonly atNs: number;
  readonly epoch: number;
  /** Whether samples are missing in front of it. */
  readonly isAfterGap: boolean;
  /** When the one before was, in nanoseconds; null for the first. */
  readonly beforeNs: number | null;
  /** What deltas of this row are over; null where the row does not say. */
  readonly spanNs: number | null;
  /** The phase it is in, and when that began. */
  readonly column: number;
  readonly phaseFromNs: number;
}

const NS_PER_S = 1e9;

/** The lines of one row of a tick, or of one record of an array, through time. */
export class Track {
  readonly label: string;
  readonly lines: readonly Line[];
  /** Of its last sample. */
  ordinal = -1;
  readonly #measures: readonly Measure[];
  readonly #former: (Value | null)[];
  #atNs = 0;
  #epoch = 0;

  constructor(label: string, measures: readonly Measure[], axis: Axis) {
    this.label = label;
    this.#measures = measures;
    this.lines = measures.map(() => new Line(axis));
    this.#former = measures.map(() => null);
  }

  add(values: Values, place: Place): void {
    const isNext = this.ordinal === place.ordinal - 1 && !place.isAfterGap;
    const isComparable = isNext && this.#epoch === place.epoch;
    for (let i = 0; i < this.#measures.length; i++) {
      const value = numeric(values[this.#measures[i]!.column]);
      if (!isNext) this.lines[i]!.series.break();
      this.#draw(i, value, isComparable ? this.#former[i]! : null, place);
      this.#former[i] = value;
    }
    this.ordinal = place.ordinal;
    this.#atNs = place.atNs;
    this.#epoch = place.epoch;
  }

  #draw(i: number, value: Value | null, former: Value | null, place: Place): void {
    const { transform, scale } = this.#measures[i]!;
    const line = this.lines[i]!;
    if (value === null) line.series.add(place.slot, null);
    else if (transform === 'level') line.add(place.slot, Number(value) * scale, 1, place.column);
    else if (transform === 'rate') this.#drawRate(line, former === null ? null : rise(former, value), scale, place);
    else drawSpan(line, Number(value) * scale, place);
  }

  /** A counter that went back tells nothing of what happened in between. */
  #drawRate(line: Line, risen: number | null, scale: number, { slot, atNs, column, phaseFromNs }: Place): void {
    const seconds = (atNs - this.#atNs) / NS_PER_S;
    if (risen === null || risen < 0 || seconds <= 0) line.series.add(slot, null);
    else line.add(slot, risen * scale, seconds, this.#atNs >= phaseFromNs ? column : NO_COLUMN);
  }
}

/** Over what the row says, else over the time since the row before. */
function drawSpan(line: Line, amount: number, { slot, atNs, spanNs, beforeNs, column, phaseFromNs }: Place): void {
  const span = spanNs ?? (beforeNs === null ? 0 : atNs - beforeNs);
  if (span <= 0) line.series.add(slot, null);
  else line.add(slot, amount, span / NS_PER_S, atNs - span >= phaseFromNs ? column : NO_COLUMN);
}

function numeric(value: unknown): Value | null {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  return typeof value === 'boolean' ? Number(value) : null;
}

/** Exact, before it is rounded: two readings of 64 bits may differ by one. */
function rise(former: Value, value: Value): number {
  return typeof former === 'number' && typeof value === 'number'
    ? value - former
    : Number(BigInt(value) - BigInt(former));
}
