import { closeSync, constants, fsyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { FILE_MODE } from './permissions.js';

const { O_WRONLY, O_CREAT, O_EXCL, O_APPEND, O_NOFOLLOW } = constants;

/**
 * Appends whole lines to a new file. After a failed write (a full disk) the file is cut back to the last whole line and
 * nothing more is written, so that what was saved stays readable. One owner per file: the offset is kept here.
 */
export class LineAppender {
  /** Bytes of whole lines. */
  bytes = 0;
  readonly #fd: number;
  #isClosed = false;
  #hasFailed = false;

  /** Creates the file; throws if it exists, also as a link. */
  constructor(path: string) {
    this.#fd = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW, FILE_MODE);
  }

  /** One or more whole lines of ASCII. Throws the system's error, once; later calls do nothing, nor do those after the close. */
  append(lines: string): void {
    if (this.#hasFailed || this.#isClosed) return;
    try {
      for (let done = 0; done < lines.length; ) {
        done += writeSync(this.#fd, done === 0 ? lines : lines.slice(done), null, 'latin1');
      }
      this.bytes += lines.length;
    } catch (error) {
      this.#hasFailed = true;
      this.#cutBack();
      throw error;
    }
  }

  #cutBack(): void {
    try {
      ftruncateSync(this.#fd, this.bytes);
    } catch {
      // the disk is beyond writing; recovery drops a torn last line
    }
  }

  /** Flushes to the disk: for the main thread, never for one that samples. */
  sync(): void {
    if (!this.#isClosed) fsyncSync(this.#fd);
  }

  /** Idempotent. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    closeSync(this.#fd);
  }
}
