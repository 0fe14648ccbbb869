import type { StreamContext } from '../contract/collector.js';
import type { Fields } from '../contract/fields.js';
import { parseLine } from './json-line-row.js';
import { type Program, type ProgramExit, runProgram } from './run-program.js';

/** How much of the end of its standard error is told as the reason. */
const MAX_WORDS = 300;

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
  #starting: Promise<void> | undefined;
  #stderr: { write(chunk: Uint8Array): void } | undefined;
  /** The last that it said on standard error. */
  #words = '';
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
    await this.#starting;
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
      onStderr: (chunk) => this.#onStderr(chunk),
      onExit: (exit) => this.#onExit(exit),
    });
    if (this.#isStopped) await this.#program.stop();
  }

  #onStderr(chunk: Buffer): void {
    this.#stderr?.write(chunk);
    this.#words = (this.#words + chunk.toString('utf8')).slice(-MAX_WORDS);
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
    const { restart = 'never' } = this.#o;
    const hasFailed = code !== 0;
    const isAgain = !this.#isStopped && (restart === 'always' || (restart === 'on_failure' && hasFailed));
    this.#context.event('program_exited', {
      exit_code: code,
      exit_signal: signal,
      was_stopped: this.#isStopped,
      is_restarted: isAgain,
      starts: this.#starts,
    });
    if (isAgain) this.#runLater();
    else if (!this.#isStopped && hasFailed)
      this.#context.fatal(
        `the program ended with ${signal ?? `exit code ${code}`}: ${this.#words.trim() || 'it said nothing'}`,
      );
  }

  #runLater(): void {
    if (!this.#isStopped) this.#timer = setTimeout(() => this.#runAgain(), this.#o.restartDelayMs ?? 1_000);
  }

  /** What keeps it from being started again (a file that is gone) may pass: it is told, and tried once more. */
  #runAgain(): void {
    this.#starting = this.#run().catch((error: Error) => {
      this.#context.event('program_not_started', { reason: error.message });
      this.#runLater();
    });
  }
}
