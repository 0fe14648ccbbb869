import type { CappedFile } from '../files/capped-file.js';

const EARLY_LIMIT = 64 * 1024;

/**
 * Takes what the plugin prints (console, process.stdout, process.stderr) to its artifact, at once: a sampling thread has
 * no event loop that would carry it, and a recording's own stdout belongs to its result.
 */
export class Prints {
  #early = '';
  #file: CappedFile | undefined;

  capture(): void {
    for (const stream of [process.stdout, process.stderr]) {
      stream.write = ((chunk: string | Uint8Array, encoding?: unknown, done?: unknown) => {
        this.write(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString());
        const callback = typeof encoding === 'function' ? encoding : done;
        if (typeof callback === 'function') queueMicrotask(callback as () => void);
        return true;
      }) as typeof stream.write;
    }
  }

  write(text: string): void {
    if (this.#file) this.#file.write(text);
    else this.#early = (this.#early + text).slice(0, EARLY_LIMIT);
  }

  /** From now on into this file, with what came before. */
  direct(file: CappedFile): void {
    this.#file = file;
    if (this.#early !== '') file.write(this.#early);
    this.#early = '';
  }
}
