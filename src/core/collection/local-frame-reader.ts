import { closeSync, openSync, readSync } from 'node:fs';
import type { FileReading, FileSpec, TargetView } from '../contract/collector.js';
import { errorCode } from '../errors/describe-error.js';
import { hasEnded, type ProcessStat, readProcessStat } from '../procfs/process-stat.js';
import type { FrameReader } from './frame-reader.js';

const FIRST_SIZE = 4096;
const MAX_SIZE = 16 * 1024 * 1024;
/**
 * A procfs file of many records may hand out less than asked although more follows: as much as fits a page (fs/seq_file.c).
 * Up to half a page nothing was held back, unless a single record were longer than the other half.
 */
const SURELY_WHOLE = 2048;

interface OpenFile extends FileReading {
  bytes: Buffer;
  length: number;
  error: string | null;
  readonly place: string;
  readonly isOptional: boolean;
  /** Whether it is opened anew for each sample. */
  readonly isReopened: boolean;
  fd: number;
  wasTold: boolean;
}

export interface LocalFrameReaderOptions {
  readonly specs: Readonly<Record<string, FileSpec>>;
  readonly roots: { readonly proc: string; readonly sys: string };
  readonly target: TargetView | null;
  /** Told once per optional file that can't be read. */
  onUnreadable(path: string, code: string): void;
}

/** Keeps descriptors open and reads each with one `pread` at 0: a kept descriptor never reads another process of the same pid. */
export class LocalFrameReader implements FrameReader {
  readonly files: Readonly<Record<string, FileReading>>;
  readonly #list: readonly OpenFile[];
  readonly #options: LocalFrameReaderOptions;

  constructor(options: LocalFrameReaderOptions) {
    this.#options = options;
    const entries = Object.entries(options.specs).map(
      ([name, spec]) => [name, closedFile(spec, options.roots)] as const,
    );
    this.files = Object.fromEntries(entries);
    this.#list = entries.map(([, file]) => file);
  }

  open(): void {
    for (const file of this.#list) {
      if (file.isReopened) continue;
      try {
        file.fd = openSync(file.place, 'r');
      } catch (error) {
        this.#onFailure(file, error);
      }
    }
    this.#checkTarget();
  }

  /** Between the target's start and the opening of its files its pid may have gone to another process. Throws ESRCH. */
  #checkTarget(): ProcessStat | null {
    const { target, roots } = this.#options;
    if (target === null || target.pid === null || target.startTimeTicks === null) return null;
    const stat = readProcessStat(roots.proc, target.pid);
    if (stat === null || stat.startTimeTicks !== target.startTimeTicks || hasEnded(stat)) {
      throw noSuchProcess(`process ${target.pid} has ended`);
    }
    return stat;
  }

  read(): undefined {
    for (const file of this.#list) {
      if (file.fd < 0 && !file.isReopened) continue;
      try {
        file.length = file.isReopened ? readAnew(file) : readWhole(file);
        file.error = null;
      } catch (error) {
        this.#onFailure(file, error);
      }
    }
  }

  /**
   * A kept descriptor tells by ESRCH that its process is gone. Others tell it in other ways: a path by ENOENT (that of a
   * zombie's net/dev too, whose threads may take a while to end), a control group that went with its last process by ENODEV.
   */
  #onFailure(file: OpenFile, error: unknown): void {
    const code = errorCode(error);
    if (code !== 'ESRCH' && (!file.isOptional || file.isReopened)) {
      const stat = this.#checkTarget();
      if (stat?.state === 'Z')
        throw noSuchProcess(`the first thread of process ${this.#options.target!.pid} has ended`);
    }
    if (code === 'ESRCH' || !file.isOptional) throw error;
    this.#giveUp(file, code);
  }

  #giveUp(file: OpenFile, code: string): void {
    file.length = 0;
    file.error = code;
    if (!file.wasTold) this.#options.onUnreadable(file.path, code);
    file.wasTold = true;
  }

  close(): void {
    for (const file of this.#list) {
      if (file.fd >= 0) closeSync(file.fd);
      file.fd = -1;
    }
  }
}

function closedFile(spec: FileSpec, roots: LocalFrameReaderOptions['roots']): OpenFile {
  const path = typeof spec === 'string' ? spec : spec.path;
  const { optional = false, reopen = false } = typeof spec === 'string' ? {} : spec;
  return {
    path,
    place: underRoot(path, roots),
    isOptional: optional,
    isReopened: reopen,
    bytes: Buffer.alloc(FIRST_SIZE),
    length: 0,
    error: null,
    fd: -1,
    wasTold: false,
  };
}

/** Where the file really is: tests put fixtures in the place of /proc and /sys. */
export function underRoot(path: string, roots: { readonly proc: string; readonly sys: string }): string {
  if (path.startsWith('/proc/')) return roots.proc + path.slice('/proc'.length);
  return path.startsWith('/sys/') ? roots.sys + path.slice('/sys'.length) : path;
}

function readAnew(file: OpenFile): number {
  file.fd = openSync(file.place, 'r');
  try {
    return readWhole(file);
  } finally {
    closeSync(file.fd);
    file.fd = -1;
  }
}

function readWhole(file: OpenFile): number {
  const length = readSync(file.fd, file.bytes, 0, file.bytes.length, 0);
  return length <= SURELY_WHOLE ? length : readRest(file, length);
}

const noSuchProcess = (message: string): Error => Object.assign(new Error(message), { code: 'ESRCH' });

function readRest(file: OpenFile, begun: number): number {
  let length = begun;
  for (;;) {
    if (length === file.bytes.length) grow(file);
    const more = readSync(file.fd, file.bytes, length, file.bytes.length - length, length);
    if (more === 0) return length;
    length += more;
  }
}

function grow(file: OpenFile): void {
  if (file.bytes.length >= MAX_SIZE)
    throw Object.assign(new Error(`${file.path} is longer than ${MAX_SIZE} bytes`), { code: 'EFBIG' });
  const larger = Buffer.alloc(file.bytes.length * 2);
  file.bytes.copy(larger);
  file.bytes = larger;
}
