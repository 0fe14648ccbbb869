import { type Program, type ProgramExit, type ProgramOptions, runProgram } from './run-program.js';

/** How much of the end of its standard error is told as the reason. */
const MAX_WORDS = 500;

export interface ProgramSourceOptions extends Pick<ProgramOptions, 'argv' | 'env' | 'stopSignal'> {
  /** A line of its output. Returns true once the program has shown that it is attached. */
  onLine(line: string): boolean;
  /** After its last line, however it ended. */
  onEnd?(): void;
  onStderr(chunk: Buffer): void;
  /** Whether it may have ended by itself, because what it observed is gone. */
  isDone?(): boolean;
  /** Ends the collector, as `context.fatal` does. */
  fatal(reason: string): never;
}

/**
 * A tool that observes until it is stopped, as the source of a stream. An end that nobody asked for fails `start`, and
 * later the collector, with the last that the tool said on standard error.
 */
export class ProgramSource {
  readonly #o: ProgramSourceOptions;
  #running: Promise<Program> | undefined;
  #isStopping = false;
  #words = '';
  #isAttached = false;
  #settle: { attached(): void; failed(error: Error): void } | undefined;

  constructor(options: ProgramSourceOptions) {
    this.#o = options;
  }

  /** Resolves when the tool is attached. Throws the system's error if it can't be started, or why it ended. */
  start(): Promise<void> {
    const { argv, env = {}, stopSignal = 'SIGTERM' } = this.#o;
    return new Promise((attached, failed) => {
      this.#settle = { attached, failed };
      this.#running = runProgram({
        argv,
        env,
        stopSignal,
        onLine: (line) => this.#onLine(line),
        onStderr: (chunk) => this.#onStderr(chunk),
        onExit: (exit) => this.#onExit(exit),
      });
      this.#running.catch(failed);
    });
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    const program = await this.#running?.catch(() => undefined); // start has told it
    await program?.stop();
  }

  #onLine(line: Buffer): void {
    if (!this.#o.onLine(line.toString('utf8')) || this.#isAttached) return;
    this.#isAttached = true;
    this.#settle?.attached();
  }

  #onStderr(chunk: Buffer): void {
    this.#words = (this.#words + chunk.toString('utf8')).slice(-MAX_WORDS);
    this.#o.onStderr(chunk);
  }

  #onExit({ code, signal }: ProgramExit): void {
    const { argv, isDone, onEnd, fatal } = this.#o;
    onEnd?.();
    const words = this.#words.trim();
    const reason = `${argv[0]} ended by itself, with ${signal ?? `exit code ${code}`}${words && `: ${words}`}`;
    if (!this.#isAttached) this.#settle?.failed(new Error(reason));
    else if (!this.#isStopping && isDone?.() !== true) fatal(reason);
  }
}
