import type { StreamContext } from '../../index.js';
import { isGone } from '../../procfs.js';
import { ArrivalClock, intervalMs, ProgramSource } from '../../program.js';
import type { FIELDS } from './fields.js';
import { parseMessage } from './parser.js';
import { type Interval, Prints } from './prints.js';
import { bpftraceProgram, type SyscallsOptions } from './program.js';
import { rowOf } from './row.js';
import { syscallTable } from './syscall-names.js';

/** Runs bpftrace until it is stopped, and tells what was counted between its prints. */
export class SyscallsCollector {
  readonly #options: SyscallsOptions;
  readonly #context: StreamContext<typeof FIELDS, SyscallsOptions>;
  readonly #table = syscallTable(process.arch);
  readonly #prints = new Prints();
  readonly #clock = new ArrivalClock();
  #bpftrace: ProgramSource | undefined;
  #isStopping = false;
  #arrivedNs = 0n;

  constructor(options: SyscallsOptions, context: StreamContext<typeof FIELDS, SyscallsOptions>) {
    this.#options = options;
    this.#context = context;
  }

  /**
   * bpftrace reads what its probes send only when all are attached (its message `attached_probes` comes before that): so
   * the first print shows that it counts, and is what later ones are held against.
   */
  async start(): Promise<void> {
    const { target, roots, fatal } = this.#context;
    if (target === null || target.pid === null)
      throw new Error('it observes one process, and this target has none; use "system" for a whole machine');
    const stderr = this.#context.artifact('stderr.log');
    this.#bpftrace = new ProgramSource({
      argv: ['bpftrace', '-f', 'json', '-e', bpftraceProgram(target.pid, intervalMs(this.#context), this.#options)],
      stopSignal: 'SIGINT',
      onLine: (line) => this.#take(line),
      onStderr: (chunk) => stderr.write(chunk),
      fatal,
    });
    await this.#bpftrace.start();
    if (target.startTimeTicks !== null && isGone(roots.proc, target.pid, target.startTimeTicks))
      throw new Error(`process ${target.pid} ended before bpftrace was attached`);
  }

  /** From here on nothing counts: bpftrace takes its probes down one by one, and goes on printing meanwhile. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#bpftrace?.stop();
  }

  /** Whether it ended a print. */
  #take(line: string): boolean {
    const message = parseMessage(line);
    if (message === null) return false;
    if (message.type === 'begin') this.#arrivedNs = this.#context.now();
    if (message.type === 'lost') this.#context.lost(message.events);
    const interval = this.#prints.add(message);
    if (interval === null) return false;
    this.#emit(interval);
    return true;
  }

  /** The first print is of when counting began until it ended, and no interval. */
  #emit(interval: Interval): void {
    const at = this.#clock.toMonotonic(interval.atNs, this.#arrivedNs);
    if (interval.spanNs === 0n || this.#isStopping) return;
    this.#context.emit(rowOf(interval, this.#table), { at, clock: 'monotonic' });
  }
}
