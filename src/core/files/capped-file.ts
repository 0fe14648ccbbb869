import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { FILE_MODE } from './permissions.js';

const { O_WRONLY, O_CREAT, O_EXCL, O_APPEND, O_NOFOLLOW } = constants;

/** What a target or a plugin prints, up to a limit; the rest is counted and dropped. Created with the first byte. */
export class CappedFile {
  written = 0;
  dropped = 0;
  #fd: number | undefined;
  readonly #path: string;
  readonly #limit: number;

  constructor(path: string, limitBytes: number) {
    this.#path = path;
    this.#limit = limitBytes;
  }

  /** Never throws: an artifact is not worth a recording. What can't be written counts as dropped. */
  write(chunk: string | Uint8Array): void {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    const room = Math.min(bytes.length, this.#limit - this.written);
    const done = room > 0 ? this.#append(bytes.subarray(0, room)) : 0;
    this.written += done;
    this.dropped += bytes.length - done;
  }

  #append(bytes: Uint8Array): number {
    let done = 0;
    try {
      this.#fd ??= openSync(this.#path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW, FILE_MODE);
      while (done < bytes.length) done += writeSync(this.#fd, bytes, done);
    } catch {
      // counted as dropped
    }
    return done;
  }

  /** Creates it although nothing was written yet: that it is empty tells something too. */
  touch(): void {
    this.#append(new Uint8Array());
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }
}
