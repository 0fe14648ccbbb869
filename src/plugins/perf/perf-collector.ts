import type { StreamContext } from '../../index.js';
import { isGone } from '../../procfs.js';
import { ArrivalClock, intervalMs, ProgramSource } from '../../program.js';
import { eventsFor } from './events.js';
import type { FIELDS } from './fields.js';
import { type Interval, Intervals } from './intervals.js';
import { parsePerfLine } from './parser.js';

export interface PerfOptions {
  readonly hardware: boolean;
}

/** Its words in English, and nobody's own configuration (perf-config(1)). */
export const ENVIRONMENT = { LC_ALL: 'C', PERF_CONFIG: '/dev/null' };

/** Runs `perf stat` on the target until it is stopped, or the target is gone. */
export class PerfCollector {
  readonly #options: PerfOptions;
  readonly #context: StreamContext<typeof FIELDS, PerfOptions>;
  readonly #intervals: Intervals;
  readonly #clock = new ArrivalClock();
  #perf: ProgramSource | undefined;
  #arrivedNs = 0n;
  #stampNs = -1n;

  constructor(options: PerfOptions, context: StreamContext<typeof FIELDS, PerfOptions>) {
    this.#options = options;
    this.#context = context;
    this.#intervals = new Intervals(options);
  }

  /** perf says nothing when it attaches: its first interval shows that it counts. */
  async start(): Promise<void> {
    const { pid, startTimeTicks } = this.#target;
    const stderr = this.#context.artifact('stderr.log');
    this.#perf = new ProgramSource({
      argv: ['perf', ...argumentsFor(pid, intervalMs(this.#context), this.#options)],
      env: ENVIRONMENT,
      stopSignal: 'SIGINT', // it then tells what was counted since its last interval
      onLine: (line) => this.#take(line),
      onEnd: () => this.#emit(this.#intervals.flush()),
      onStderr: (chunk) => stderr.write(chunk),
      isDone: () => this.#hasTargetEnded(),
      fatal: this.#context.fatal,
    });
    await this.#perf.start();
    if (startTimeTicks !== null && this.#hasTargetEnded())
      throw new Error(`process ${pid} ended before perf was attached`);
  }

  async stop(): Promise<void> {
    await this.#perf?.stop();
  }

  get #target(): { readonly pid: number; readonly startTimeTicks: bigint | null } {
    const { target } = this.#context;
    if (target === null || target.pid === null)
      throw new Error('it observes one process, and this target has none; use "system" for a whole machine');
    return { pid: target.pid, startTimeTicks: target.startTimeTicks };
  }

  #hasTargetEnded(): boolean {
    const { pid, startTimeTicks } = this.#target;
    return isGone(this.#context.roots.proc, pid, startTimeTicks);
  }

  /** Whether it was an interval's. */
  #take(text: string): boolean {
    const line = parsePerfLine(text);
    if (line === null) return false;
    if (line.atNs !== this.#stampNs) this.#arrivedNs = this.#context.now();
    this.#stampNs = line.atNs;
    this.#emit(this.#intervals.add(line));
    return true;
  }

  #emit(interval: Interval | null): void {
    if (interval === null) return;
    const at = this.#clock.toMonotonic(interval.atNs, this.#arrivedNs);
    this.#context.emit(interval.row, { at, clock: 'monotonic' });
  }
}

/** Of perf-stat(1). What is counted goes to descriptor 1, and what it has to say to 2. */
function argumentsFor(pid: number, everyMs: number, options: PerfOptions): string[] {
  const events = eventsFor(options).join(',');
  return ['stat', '-I', `${everyMs}`, '-x', ',', '--log-fd', '1', '-p', `${pid}`, '-e', events];
}
