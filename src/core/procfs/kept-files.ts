import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { errorCode } from '../errors/describe-error.js';

const FIRST_SIZE = 4096;
/**
 * A procfs file of many records may hand out less than asked although more follows: as much as fits a page (fs/seq_file.c).
 * Up to half a page nothing was held back.
 */
const SURELY_WHOLE = 2048;
/** The part of the recorder's descriptors that one collector may keep: others need some too. */
const SHARE = 4;
/** How many are given back when the recorder has no more. */
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
  readonly #procRoot: string;
  #limit: number;
  #isLimitChecked = false;

  /** Keeps `limit` descriptors, or fewer if the recorder may not have so many. `procRoot`: where its own limits are. */
  constructor({ limit, procRoot }: { readonly limit: number; readonly procRoot: string }) {
    this.#limit = limit;
    this.#procRoot = procRoot;
  }

  /** Reads the file from its start into `bytes` and returns the length. Throws ENOENT, ESRCH, EACCES as they come. */
  read(file: KeptFile): number {
    if (file.fd >= 0) return this.#readWhole(file.fd);
    if (!this.#isLimitChecked) this.#checkLimit();
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

  #checkLimit(): void {
    this.#isLimitChecked = true;
    this.#limit = Math.min(this.#limit, Math.floor(openFilesLimit(this.#procRoot) / SHARE));
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

/** The recorder's own RLIMIT_NOFILE (proc_pid_limits(5)); endless where nothing tells. */
function openFilesLimit(procRoot: string): number {
  try {
    const soft = /^Max open files +(\d+)/m.exec(readFileSync(`${procRoot}/self/limits`, 'latin1'))?.[1];
    return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
