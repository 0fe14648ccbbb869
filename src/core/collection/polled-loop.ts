import type { RecordableHistogram } from 'node:perf_hooks';
import type { VantageFacts } from '../contract/collector.js';
import { errorCode, errorMessage } from '../errors/describe-error.js';
import type { RowKeys } from '../rows/row-keys.js';
import { MAX_CODE_CHARS, MAX_TEXT_CHARS } from './bounds.js';
import { countError } from './count-error.js';
import type { EventMerger } from './event-merger.js';
import { FatalError } from './fatal-error.js';
import type { SampleStamp } from './frame-reader.js';
import { type RowWriter, WriteFailed } from './row-writer.js';
import type { Sampler } from './sampler.js';
import { ACTIVITY, CONTROL, type SharedState } from './shared-state.js';

const NS_PER_MS = 1e6;
/** Timers oversleep by 60 to 150 us; aiming earlier than this would burn the time by spinning. */
const MAX_OVERSLEEP_NS = 200_000;
/** Over how many sleeps it is averaged. */
const OVERSLEEP_MEMORY = 16;
/** An asynchronous sleeper leaves its event loop so long before the tick, and sleeps the rest exactly. */
const LAST_STRETCH_MS = 2;

export interface PolledLoopOptions {
  readonly sampler: Sampler;
  readonly state: SharedState;
  readonly writer: RowWriter;
  readonly events: EventMerger;
  readonly lateness: RecordableHistogram;
  readonly facts: VantageFacts;
  readonly originMonoNs: bigint;
  readonly intervalNs: number;
  /** A tick that is sampled later than that counts as late. */
  readonly lateAfterNs: number;
  readonly durationNs: number;
  /** The instant to which the plugin moved the current sample (`mark`), if it did. */
  takeMark(): bigint | undefined;
  readonly keys: RowKeys;
  /** Resolves when `control` changes, for who waits in an event loop. */
  nextWake(): Promise<void>;
  /** Whether its reader tells when it read: then that, and not the beginning of the tick, says how late it was. */
  readonly isStamped: boolean;
  /** Whether the plugin was told that the episode is over. */
  isAborted(): boolean;
}

/**
 * The absolute schedule of one collector: tick k is due at k * interval, whatever happened before. One sample is in
 * flight; ticks that were overrun are skipped and counted, never made up for. All times are nanoseconds since the origin
 * as doubles, which are exact for 104 days.
 */
export class PolledLoop {
  readonly errors: Record<string, number> = {};
  readonly #o: PolledLoopOptions;
  readonly #tick: { index: number; readonly facts: VantageFacts };
  #next = 0;
  #oversleepNs = 0;

  constructor(options: PolledLoopOptions) {
    this.#o = options;
    this.#tick = { index: 0, facts: options.facts };
  }

  /** Runs until the duration is over or the episode stops, without an event loop. */
  runSync(): void {
    const { sampler, state } = this.#o;
    while (this.#isDueBeforeEnd()) {
      this.#sleepToTick();
      const now = this.#takeTick();
      if (now === null) continue;
      try {
        this.#record(sampler.sample!(this.#tick), now);
      } catch (error) {
        this.#countError(error);
      }
      state.activity = ACTIVITY.waiting;
    }
  }

  /** The same for samples that come as promises. */
  async runAsync(): Promise<void> {
    const { sampler, state, isAborted, takeMark } = this.#o;
    while (this.#isDueBeforeEnd()) {
      await this.#dozeToTick();
      const now = this.#takeTick();
      if (now === null) continue;
      try {
        const row = await sampler.sample!(this.#tick);
        const stamp = sampler.takeStamp?.();
        if (stamp === undefined || this.#isInTime(stamp)) this.#record(row, now, stamp);
      } catch (error) {
        // told that the episode is over, it gave up its last sample: as it should
        if (isAborted() && !(error instanceof WriteFailed)) takeMark();
        else this.#countError(error);
      }
      state.activity = ACTIVITY.waiting;
    }
  }

  #now(): number {
    return Number(process.hrtime.bigint() - this.#o.originMonoNs);
  }

  /** After a stop, ticks that were due before the end still run: they are scheduled, so they are not lost. */
  #isDueBeforeEnd(): boolean {
    return this.#next * this.#o.intervalNs < this.#endNs();
  }

  #endNs(): number {
    const { state, durationNs } = this.#o;
    return state.control === CONTROL.stop ? Math.min(state.endNs, durationNs) : durationNs;
  }

  #sleepToTick(): void {
    const { state, intervalNs } = this.#o;
    const due = this.#next * intervalNs;
    for (let left = due - this.#now(); left > 0 && state.control === CONTROL.go; left = due - this.#now()) {
      if (left <= this.#oversleepNs) continue; // what is left is shorter than any sleep
      const aim = due - this.#oversleepNs;
      state.waitWhile(CONTROL.go, (left - this.#oversleepNs) / NS_PER_MS);
      this.#learnOversleep(this.#now() - aim);
    }
  }

  /** A sleep ends later than it was asked to, by what the timer and the scheduler take: so it is asked to end earlier. */
  #learnOversleep(overNs: number): void {
    const bounded = Math.min(Math.max(overNs, 0), MAX_OVERSLEEP_NS);
    this.#oversleepNs += (bounded - this.#oversleepNs) / OVERSLEEP_MEMORY;
  }

  async #dozeToTick(): Promise<void> {
    const { state, intervalNs, nextWake } = this.#o;
    const leftMs = (this.#next * intervalNs - this.#now()) / NS_PER_MS - LAST_STRETCH_MS;
    if (leftMs > 0 && state.control === CONTROL.go) {
      let timer: NodeJS.Timeout | undefined;
      await Promise.race([nextWake(), new Promise((resolve) => (timer = setTimeout(resolve, leftMs)))]);
      clearTimeout(timer);
    } else {
      await new Promise(setImmediate); // lets the source's own events in, however late the tick is
    }
    this.#sleepToTick();
  }

  /** Begins the tick that is due and returns its time, or null if none is: woken by the stop, or overrun. */
  #takeTick(): number | null {
    const { state, intervalNs, lateness, isStamped } = this.#o;
    const now = this.#now();
    // behind the clock's reading: who tells of an end looks at the clock after that, and puts it behind all that began
    if (!this.#isDueBeforeEnd()) return null;
    const late = now - this.#next * intervalNs;
    if (late < 0) return null;
    if (late >= intervalNs) {
      this.#miss(Math.floor(late / intervalNs));
      return null;
    }
    if (!isStamped) {
      lateness.record(Math.max(1, late));
      this.#noteLate(late);
    }
    this.#tick.index = this.#next++;
    state.activity = ACTIVITY.sampling;
    state.bumpBeat();
    state.add('ticksRun', 1);
    return now;
  }

  #miss(overrun: number): void {
    const { state, events, intervalNs, originMonoNs } = this.#o;
    const count = Math.min(overrun, Math.ceil(this.#endNs() / intervalNs) - this.#next);
    events.add('ticks_missed', originMonoNs + BigInt(this.#now()), { first: this.#next }, count);
    state.add('ticksMissed', count);
    state.bumpBeat();
    this.#next += count;
  }

  #noteLate(late: number): void {
    if (late > this.#o.lateAfterNs) this.#o.state.add('ticksLate', 1);
  }

  /** One whose reading came a whole interval late is no sample of its tick: that was missed. */
  #isInTime({ atNs, latestNs }: SampleStamp): boolean {
    const { state, events, lateness, intervalNs, originMonoNs } = this.#o;
    const { index } = this.#tick;
    const late = Number(atNs - originMonoNs) - index * intervalNs;
    if (late < intervalNs) {
      lateness.record(Math.max(1, Math.round(late)));
      // nobody knows when between request and reply it was read: in doubt, at the end
      this.#noteLate(Number(latestNs - originMonoNs) - index * intervalNs);
      return true;
    }
    state.add('ticksRun', -1);
    state.add('ticksMissed', 1);
    events.add('ticks_missed', atNs, { first: index }, 1);
    return false;
  }

  #record(result: unknown, readAt: number, stamp?: SampleStamp): void {
    const { writer, takeMark, originMonoNs, events, keys, state } = this.#o;
    if (!events.isEmpty) events.flush(originMonoNs + BigInt(readAt));
    const mark = takeMark() ?? stamp?.atNs;
    const at = mark === undefined ? readAt : Math.max(readAt, Number(mark - originMonoNs));
    if (result === null) {
      state.look(at);
      return;
    }
    let lines = '';
    let rows = 0;
    if (Array.isArray(result)) keys.begin();
    for (const row of Array.isArray(result) ? result : [result]) {
      const problem = Array.isArray(result) ? keys.problemOf(row) : null;
      if (problem !== null) {
        writer.refuse('key', problem, originMonoNs + BigInt(Math.round(at)));
        continue;
      }
      const line = writer.encode(row, at, this.#tick.index, stamp?.epoch);
      if (line === null) continue;
      lines += line;
      rows++;
    }
    if (rows > 0) writer.append(lines, rows);
    // what was refused as a whole told nothing of the source
    if (rows > 0 || isNothing(result)) state.look(at);
  }

  #countError(error: unknown): void {
    const { state, events, originMonoNs, takeMark } = this.#o;
    if (error instanceof FatalError || error instanceof WriteFailed) throw error;
    takeMark();
    const code = errorCode(error).slice(0, MAX_CODE_CHARS);
    countError(this.errors, code);
    state.add('sampleErrors', 1);
    events.add('collector_failed', originMonoNs + BigInt(this.#now()), {
      code,
      stage: 'sample',
      reason: errorMessage(error).slice(0, MAX_TEXT_CHARS),
      fatal: false,
    });
  }
}

const isNothing = (result: unknown): boolean => Array.isArray(result) && result.length === 0;
