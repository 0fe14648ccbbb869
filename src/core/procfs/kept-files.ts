import { closeSync, openSync, readSync } from 'node:fs';
import { errorCode } from '../errors/describe-error.js';

const FIRST_SIZE = 4096;
/**
 * A procfs file of many records may hand out less than asked although more follows: as much as fits a page (fs/seq_file.c).
 * Up to half a page nothing was held back.
 */
const SURELY_WHOLE = 2048;
/** Descriptors given back when the process has no more: the rest of the recorder needs some too. */
const SHED = 64;

/** A file that is read tick after tick. `fd` is below 0 while no descriptor is kept. */
export interface KeptFile {
  readonly path: string;
  fd: number;
}

/**
 * Descriptors of many small files of procfs, kept open between reads up to a limit; beyond it a file is opened, read and
 * closed each time, which costs three times as much. A kept descriptor never reads another process of the same pid
 * (ESRCH); one that is opened each time does: compare the start time.
 */
export class KeptFiles {
  /** What was read last. Reused, and replaced by a larger one where that is needed. */
  bytes = Buffer.allocUnsafe(FIRST_SIZE);
  readonly #open = new Set<KeptFile>();
  #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Reads the file from its start into `bytes` and returns the length. Throws ENOENT, ESRCH, EACCES as they come. */
  read(file: KeptFile): number {
    if (file.fd >= 0) return this.#readWhole(file.fd);
    const fd = this.#openOrShed(file.path);
    if (this.#open.size < this.#limit) {
      file.fd = fd;
      this.#open.add(file);
      return this.#readWhole(fd);
    }
    try {
      return this.#readWhole(fd);
    } finally {
      closeSync(fd);
    }
  }

  close(file: KeptFile): void {
    if (!this.#open.delete(file)) return;
    closeSync(file.fd);
    file.fd = -1;
  }

  closeAll(): void {
    for (const file of this.#open) this.close(file);
  }

  #openOrShed(path: string): number {
    try {
      return openSync(path, 'r');
    } catch (error) {
      if (!['EMFILE', 'ENFILE'].includes(errorCode(error)) || this.#open.size === 0) throw error;
    }
    for (const file of [...this.#open].slice(-SHED)) this.close(file);
    this.#limit = this.#open.size;
    return openSync(path, 'r');
  }

  #readWhole(fd: number): number {
    let length = readSync(fd, this.bytes, 0, this.bytes.length, 0);
    if (length <= SURELY_WHOLE) return length;
    for (;;) {
      if (length === this.bytes.length) this.bytes = Buffer.concat([this.bytes], 2 * length);
      const more = readSync(fd, this.bytes, length, this.bytes.length - length, length);
      if (more === 0) return length;
      length += more;
    }
  }
}
