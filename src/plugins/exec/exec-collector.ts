import { resolve } from 'node:path';
import type { Fields, StreamContext } from '../../index.js';
import { type Program, type ProgramExit, runProgram } from '../../program.js';
import { parseLine } from './line-parser.js';
import type { ExecOptions } from './options.js';

export interface ExecSettings {
  readonly options: ExecOptions;
  readonly fields: Fields;
  readonly baseDir: string;
}

/** Runs the program, and starts it again as its restart policy says, until it is stopped. */
export class ExecCollector {
  readonly #settings: ExecSettings;
  readonly #context: StreamContext<Fields, unknown>;
  readonly #nullable: readonly string[];
  #program: Program | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stderr: { write(chunk: Uint8Array): void } | undefined;
  #starts = 0;
  #isStopped = false;

  constructor(settings: ExecSettings, context: StreamContext<Fields, unknown>) {
    this.#settings = settings;
    this.#context = context;
    this.#nullable = Object.entries(settings.fields).flatMap(([name, { nullable }]) => (nullable ? [name] : []));
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
    const { argv, cwd, env } = this.#settings.options;
    this.#starts++;
    this.#program = await runProgram({
      argv: argv as unknown as readonly [string, ...string[]],
      cwd: resolve(this.#settings.baseDir, cwd),
      env: env as Readonly<Record<string, string>>,
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
    const line = parseLine(text, this.#nullable);
    if ('code' in line) invalid(line.code, line.reason);
    else if (line.monotonicNs === null) emit(line.row as never);
    else emit(line.row as never, { at: line.monotonicNs, clock: 'monotonic' });
  }

  #onExit({ code, signal }: ProgramExit): void {
    const { restart, restart_delay_ms: delayMs } = this.#settings.options;
    const hasFailed = code !== 0;
    const isAgain = !this.#isStopped && (restart === 'always' || (restart === 'on_failure' && hasFailed));
    this.#context.event('program_exited', {
      exit_code: code,
      exit_signal: signal,
      was_stopped: this.#isStopped,
      is_restarted: isAgain,
      starts: this.#starts,
    });
    if (isAgain) this.#timer = setTimeout(() => this.#runAgain(), delayMs);
    else if (!this.#isStopped && hasFailed)
      this.#context.fatal(`the program ended with ${signal ?? `exit code ${code}`}; its stderr is in artifacts/`);
  }

  /** What keeps it from being started again (a file that is gone) may pass: it is told, and tried once more. */
  #runAgain(): void {
    this.#run().catch((error: Error) => {
      this.#context.event('program_not_started', { reason: error.message });
      this.#timer = setTimeout(() => this.#runAgain(), this.#settings.options.restart_delay_ms);
    });
  }
}
