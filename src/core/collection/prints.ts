import type { CappedFile } from '../files/capped-file.js';

const EARLY_LIMIT = 64 * 1024;

/**
 * Takes what the plugin prints (console, process.stdout, process.stderr) to its artifact, at once: a sampling thread has
 * no event loop that would carry it, and a recording's own stdout belongs to its result.
 */
export class Prints {
  #early: Buffer = Buffer.alloc(0);
  #file: CappedFile | undefined;

  capture(): void {
    for (const stream of [process.stdout, process.stderr]) {
      stream.write = ((chunk: string | Uint8Array, encoding?: unknown, done?: unknown) => {
        this.write(chunk);
        const callback = typeof encoding === 'function' ? encoding : done;
        if (typeof callback === 'function') queueMicrotask(callback as () => void);
        return true;
      }) as typeof stream.write;
    }
  }

  write(chunk: string | Uint8Array): void {
    if (this.#file) this.#file.write(chunk);
    else this.#early = Buffer.concat([this.#early, Buffer.from(chunk as string)]).subarray(0, EARLY_LIMIT);
  }

  /** From now on into this file, with what came before. */
  direct(file: CappedFile): void {
    this.#file = file;
    if (this.#early.length > 0) file.write(this.#early);
    this.#early = Buffer.alloc(0);
  }
}
