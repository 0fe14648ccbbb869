/** What the main thread tells a collector's thread. */
export const CONTROL = { hold: 0, go: 1, stop: 2 } as const;

/** What a collector's thread is about: one that is stuck while writing leaves a file that can't be trusted. */
export const ACTIVITY = { starting: 0, waiting: 1, sampling: 2, writing: 3, done: 4 } as const;

const CONTROL_AT = 0;
const ACTIVITY_AT = 1;
const BEAT_AT = 2;
const T0_MONO_AT = 2; // as BigInt64: byte 16
const T0_WALL_AT = 3;
const END_AT = 4;
const FIRST_COUNTER = 8; // as Float64: byte 64

const COUNTERS = [
  'rows',
  'bytes',
  'ticksRun',
  'ticksMissed',
  'ticksLate',
  'invalidRows',
  'lostRows',
  'sampleErrors',
  'longestGapNs',
  'lastRowNs',
  'longestPauseNs',
  'longestPauseFromNs',
  'lastLookNs',
  'isAlive',
] as const;
type Counter = (typeof COUNTERS)[number];

const INDEX = Object.fromEntries(COUNTERS.map((counter, i) => [counter, i])) as Readonly<Record<Counter, number>>;

const BYTES = 8 * (FIRST_COUNTER + COUNTERS.length);

/**
 * The memory that the main thread and one collector's thread share: control in one direction, figures in the other.
 * A thread that is blocked or killed has still told how far it came. Counters are doubles: exact to 2^53.
 */
export class SharedState {
  readonly buffer: SharedArrayBuffer;
  readonly #int: Int32Array;
  readonly #big: BigInt64Array;
  readonly #counters: Float64Array;

  constructor(buffer = new SharedArrayBuffer(BYTES)) {
    this.buffer = buffer;
    this.#int = new Int32Array(buffer);
    this.#big = new BigInt64Array(buffer);
    this.#counters = new Float64Array(buffer, 8 * FIRST_COUNTER);
  }

  get control(): number {
    return Atomics.load(this.#int, CONTROL_AT);
  }

  /** Releases the thread: tick 0 is due at `monoNs`. */
  go(monoNs: bigint, wallNs: bigint): void {
    Atomics.store(this.#big, T0_MONO_AT, monoNs);
    Atomics.store(this.#big, T0_WALL_AT, wallNs);
    this.#tell(CONTROL.go);
  }

  /** Ends it: ticks due before `endNs` (since the origin) still count. */
  stop(endNs: bigint): void {
    Atomics.store(this.#big, END_AT, endNs);
    this.#tell(CONTROL.stop);
  }

  #tell(control: number): void {
    Atomics.store(this.#int, CONTROL_AT, control);
    Atomics.notify(this.#int, CONTROL_AT);
  }

  /** Sleeps until `control` is no longer `seen`, or the time is over. Milliseconds. */
  waitWhile(seen: number, timeoutMs = Number.POSITIVE_INFINITY): void {
    Atomics.wait(this.#int, CONTROL_AT, seen, timeoutMs);
  }

  get originMonoNs(): bigint {
    return Atomics.load(this.#big, T0_MONO_AT);
  }

  get originWallNs(): bigint {
    return Atomics.load(this.#big, T0_WALL_AT);
  }

  get endNs(): number {
    return Number(Atomics.load(this.#big, END_AT));
  }

  get activity(): number {
    return Atomics.load(this.#int, ACTIVITY_AT);
  }

  set activity(value: number) {
    Atomics.store(this.#int, ACTIVITY_AT, value);
  }

  /** Counts signs of life; wraps around. */
  get beat(): number {
    return Atomics.load(this.#int, BEAT_AT);
  }

  bumpBeat(): void {
    Atomics.add(this.#int, BEAT_AT, 1);
  }

  get(counter: Counter): number {
    return this.#counters[INDEX[counter]]!;
  }

  set(counter: Counter, value: number): void {
    this.#counters[INDEX[counter]] = value;
  }

  /** The source was looked at, so long after the origin: the longest pause between two looks is kept. */
  look(atNs: number): void {
    const last = this.get('lastLookNs');
    if (atNs - last > this.get('longestPauseNs')) {
      this.set('longestPauseNs', atNs - last);
      this.set('longestPauseFromNs', last);
    }
    this.set('lastLookNs', Math.max(last, atNs));
  }

  add(counter: Counter, value: number): void {
    this.#counters[INDEX[counter]]! += value;
  }
}
