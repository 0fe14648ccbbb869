/** Uploads with a buffer of their own at the same time; the others wait. */
export const MOST_UPLOADS = 2;
/** The least that a part may have, but for the last one. */
export const PART_BYTES = 5 << 20;
/** What is as small needs no permit: as many of them as there are calls weigh nothing. */
const SMALL_BYTES = 128 << 10;

/**
 * The memory of all uploads of a destination, whatever the number of calls: a part has to be held whole, since the request
 * tells its length and hash ahead of it. Large buffers are used again: to allocate one for each part leaves it to the garbage collector
 * how many there are.
 */
export class Buffers {
  #lent = 0;
  readonly #free: Buffer[] = [];
  readonly #waiting: (() => void)[] = [];

  /** Runs `use` with a buffer of this length, which it must not keep. */
  async lend<T>(bytes: number, signal: AbortSignal, use: (buffer: Buffer) => Promise<T>): Promise<T> {
    if (bytes <= SMALL_BYTES) return use(Buffer.allocUnsafe(bytes));
    await this.#permit(signal);
    try {
      // parts of files that are too large for 10,000 of 5 MiB
      if (bytes > PART_BYTES) return await use(Buffer.allocUnsafeSlow(bytes));
      const whole = this.#free.pop() ?? Buffer.allocUnsafeSlow(PART_BYTES);
      const result = await use(whole.subarray(0, bytes));
      // after a failure it is left alone: a socket may not be done with it
      this.#free.push(whole);
      return result;
    } finally {
      this.#pass();
    }
  }

  #permit(signal: AbortSignal): Promise<void> | void {
    signal.throwIfAborted();
    if (this.#lent < MOST_UPLOADS) {
      this.#lent += 1;
      return;
    }
    return new Promise((resolve, reject) => {
      const enter = () => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = () => {
        this.#waiting.splice(this.#waiting.indexOf(enter), 1);
        reject(signal.reason);
      };
      signal.addEventListener('abort', giveUp, { once: true });
      this.#waiting.push(enter);
    });
  }

  #pass(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#lent -= 1;
    else next();
    if (this.#lent === 0) this.#free.length = 0; // what is sent is read back, and that takes memory too
  }
}
