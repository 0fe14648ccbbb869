import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { PolledSampler } from 'cis490';
import type { FIELDS } from './fields.js';
import { parseFileNr } from './parser.js';

/** Through the context's roots, so that tests can put captured files in the place of /proc. */
export const pathOf = (roots: { readonly proc: string }): string => join(roots.proc, 'sys/fs/file-nr');

/** Keeps the file open, and reads it anew for each sample. */
export class FileHandleSampler implements PolledSampler<typeof FIELDS> {
  readonly #path: string;
  readonly #bytes = Buffer.alloc(256);
  #fd: number | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  start(): void {
    this.#fd = openSync(this.#path, 'r');
  }

  sample() {
    if (this.#fd === undefined) throw new Error('it was not started');
    const length = readSync(this.#fd, this.#bytes, 0, this.#bytes.length, 0);
    return parseFileNr(this.#bytes.toString('latin1', 0, length));
  }

  /** Safe without `start`, and twice. */
  stop(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }
}
