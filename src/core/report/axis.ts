import { BucketSeries, NONE, SampleSeries, type Series, SKIP } from './series.js';

/** How many stretches of time a long episode is drawn in: about one for each pixel of a wide chart. */
export const BUCKETS = 1_000;
/** Up to so many samples are drawn one by one. */
export const MOST_SAMPLES = 2 * BUCKETS;
const NS_PER_S = 1e9;
/** Where in a bucket its two values are drawn, and its break. */
const [FIRST, SECOND, BREAK] = [0.25, 0.75, 0.999];

/** The points in time of one source, which all its lines share. Times in nanoseconds since the origin. */
export interface Axis {
  /** Seconds of a bucket; null where each sample has a place of its own. */
  readonly bucketS: number | null;
  /** The slot of the source's next sample. */
  place(atNs: number): number;
  /** Nothing was read between the last sample and the next one. */
  gap(fromNs: number, toNs: number): void;
  newSeries(): Series;
  /** Seconds since the origin of every point, and the values of each series there: NaN for none, infinite to go on across it. */
  points(series: readonly Series[]): { readonly seconds: Float64Array; readonly values: readonly Float32Array[] };
}

/** A slot for each sample, and one for each gap. */
export class SampleAxis implements Axis {
  readonly bucketS = null;
  readonly #times: number[] = [];

  place(atNs: number): number {
    return this.#times.push(atNs) - 1;
  }

  gap(fromNs: number, toNs: number): void {
    if (this.#times.length > 0) this.#times.push((fromNs + toNs) / 2);
  }

  newSeries(): Series {
    return new SampleSeries();
  }

  points(series: readonly Series[]) {
    return {
      seconds: Float64Array.from(this.#times, (ns) => ns / NS_PER_S),
      values: series.map((each) => Float32Array.from(this.#times, (_, slot) => each.read(slot)[0])),
    };
  }
}

/** A slot for each of a fixed number of stretches, of which each has the least and the greatest value. */
export class BucketAxis implements Axis {
  readonly bucketS: number;
  readonly #fromNs: number;
  readonly #widthNs: number;
  readonly #isUsed = new Uint8Array(BUCKETS);
  readonly #isBroken = new Uint8Array(BUCKETS);
  #last = -1;

  constructor(fromNs: number, toNs: number) {
    this.#fromNs = fromNs;
    this.#widthNs = Math.max(1, toNs - fromNs) / BUCKETS;
    this.bucketS = this.#widthNs / NS_PER_S;
  }

  place(atNs: number): number {
    const slot = Math.floor((atNs - this.#fromNs) / this.#widthNs);
    this.#last = Math.min(BUCKETS - 1, Math.max(0, slot));
    this.#isUsed[this.#last] = 1;
    return this.#last;
  }

  gap(): void {
    if (this.#last >= 0) this.#isBroken[this.#last] = 1;
  }

  newSeries(): Series {
    return new BucketSeries(BUCKETS);
  }

  points(series: readonly Series[]) {
    const slots = Array.from(this.#isUsed.keys()).filter((slot) => this.#isUsed[slot] === 1);
    const broken = new Set(slots.filter((slot) => this.#isBroken[slot] === 1 || series.some((s) => s.isBroken(slot))));
    const seconds = (slot: number, share: number) => (this.#fromNs + (slot + share) * this.#widthNs) / NS_PER_S;
    return {
      seconds: Float64Array.from(
        slots.flatMap((slot) =>
          [FIRST, SECOND, ...(broken.has(slot) ? [BREAK] : [])].map((share) => seconds(slot, share)),
        ),
      ),
      values: series.map((each) =>
        Float32Array.from(
          slots.flatMap((slot) => [...each.read(slot), ...(broken.has(slot) ? [this.#breakOf(each, slot)] : [])]),
        ),
      ),
    };
  }

  #breakOf(series: Series, slot: number): number {
    return this.#isBroken[slot] === 1 || series.isBroken(slot) ? NONE : SKIP;
  }
}
