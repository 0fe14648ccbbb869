import type { StreamContext } from '../contract/collector.js';
import type { Fields } from '../contract/fields.js';
import { parseLine } from './json-line-row.js';
import { type Program, type ProgramExit, runProgram } from './run-program.js';

export interface JsonLinesOptions {
  /** The program and its arguments; looked up in PATH, or a path from `cwd`. */
  readonly argv: readonly string[];
  /** Absolute. */
  readonly cwd?: string;
  /** Added to the thread's own, which is a few harmless variables. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether to start it again when it has ended by itself; `never` unless told. */
  readonly restart?: 'never' | 'on_failure' | 'always';
  /** A second unless told. */
  readonly restartDelayMs?: number;
  /** The columns of its rows: those that are nullable may be left out, and are null then. */
  readonly fields: Fields;
}

/**
 * The sampler of a stream collector whose rows a program prints, one JSON object a line. What is no row is counted and
 * told; standard error goes into an artifact; the program's end is an event `program_exited`, and without a restart a
 * failure ends the collector. A row with `clock_monotonic_ns` (raw CLOCK_MONOTONIC) is timed by it, others on arrival.
 */
export class JsonLines {
  readonly #o: JsonLinesOptions;
  readonly #context: StreamContext<Fields, unknown>;
  #program: Program | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stderr: { write(chunk: Uint8Array): void } | undefined;
  #starts = 0;
  #isStopped = false;

  // biome-ignore lint/suspicious/noExplicitAny: whatever the rows are, they are held against their fields when emitted
  constructor(options: JsonLinesOptions, context: StreamContext<any, any>) {
    this.#o = options;
    this.#context = context;
  }

  /** Resolves when the program runs. Throws what keeps it from being started. */
  async start(): Promise<void> {
    this.#stderr = this.#context.artifact('stderr.log');
    await this.#run();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#program?.stop();
  }

  async #run(): Promise<void> {
    const { argv, cwd = '/', env = {} } = this.#o;
    this.#starts++;
    this.#program = await runProgram({
      argv,
      cwd,
      env,
      onLine: (line) => this.#take(line.toString('utf8')),
      onLongLine: (bytes) => this.#context.invalid('line_too_long', `a line of ${bytes} bytes; 1 MiB is the limit`),
      onStderr: (chunk) => this.#stderr?.write(chunk),
      onExit: (exit) => this.#onExit(exit),
    });
    if (this.#isStopped) await this.#program.stop();
  }

  #take(text: string): void {
    const { emit, invalid } = this.#context;
    if (text.trim() === '') return;
    const line = parseLine(text, this.#o.fields);
    if ('code' in line) invalid(line.code, line.reason);
    else if (line.monotonicNs === null) emit(line.row as never);
    else emit(line.row as never, { at: line.monotonicNs, clock: 'monotonic' });
  }

  #onExit({ code, signal }: ProgramExit): void {
    const { restart = 'never', restartDelayMs = 1_000 } = this.#o;
    const hasFailed = code !== 0;
    const isAgain = !this.#isStopped && (restart === 'always' || (restart === 'on_failure' && hasFailed));
    this.#context.event('program_exited', {
      exit_code: code,
      exit_signal: signal,
      was_stopped: this.#isStopped,
      is_restarted: isAgain,
      starts: this.#starts,
    });
    if (isAgain) this.#timer = setTimeout(() => this.#runAgain(), restartDelayMs);
    else if (!this.#isStopped && hasFailed)
      this.#context.fatal(`the program ended with ${signal ?? `exit code ${code}`}; its stderr is in artifacts/`);
  }

  /** What keeps it from being started again (a file that is gone) may pass: it is told, and tried once more. */
  #runAgain(): void {
    this.#run().catch((error: Error) => {
      this.#context.event('program_not_started', { reason: error.message });
      if (!this.#isStopped) this.#timer = setTimeout(() => this.#runAgain(), this.#o.restartDelayMs);
    });
  }
}
