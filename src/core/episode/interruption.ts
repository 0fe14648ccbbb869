import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A signal came before the recording began, or in other work of which nothing stays: there is nothing to finish. */
export class Interrupted extends Error {
  readonly exitCode: number;

  constructor(signal: NodeJS.Signals, consequence = 'before the recording began; nothing was written') {
    super(`interrupted by ${signal} ${consequence}`);
    this.name = 'Interrupted';
    this.exitCode = exitCodeOf(signal);
  }
}

export const exitCodeOf = (signal: NodeJS.Signals): number => 128 + constants.signals[signal];

/** SIGINT, SIGTERM and SIGHUP: the first asks for a proper end, the second ends at once. */
export class Interruption {
  signal: NodeJS.Signals | null = null;
  readonly first: Promise<NodeJS.Signals>;
  #resolve!: (signal: NodeJS.Signals) => void;
  readonly #onSecond: (exitCode: number) => void;

  constructor(onSecond: (exitCode: number) => void) {
    this.#onSecond = onSecond;
    this.first = new Promise((resolve) => (this.#resolve = resolve));
    for (const name of SIGNALS) process.on(name, this.#on);
  }

  readonly #on = (name: NodeJS.Signals): void => {
    if (this.signal !== null) {
      this.#onSecond(exitCodeOf(name));
      return;
    }
    this.signal = name;
    this.#resolve(name);
  };

  /** Waits for something unless a signal comes first. Throws Interrupted. */
  async guard<T>(work: Promise<T>): Promise<T> {
    const result = await Promise.race([work.then((value) => ({ value })), this.first]);
    if (typeof result === 'object') return result.value;
    work.catch(() => {});
    throw new Interrupted(result);
  }

  dispose(): void {
    for (const name of SIGNALS) process.off(name, this.#on);
  }
}
