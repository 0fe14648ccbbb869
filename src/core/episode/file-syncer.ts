import { closeSync, constants, fdatasync, openSync } from 'node:fs';

const PERIOD_MS = 5_000;

/**
 * Flushes the growing files to the disk every 5 s, from the main thread: a power cut costs at most that much, and no
 * sampling thread ever waits for a disk. A file whose last flush is still under way is left out.
 */
export class FileSyncer {
  readonly #timer: NodeJS.Timeout;
  readonly #files: { readonly fd: number; isBusy: boolean }[];

  constructor(paths: readonly string[]) {
    this.#files = paths.map((path) => ({
      fd: openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW),
      isBusy: false,
    }));
    this.#timer = setInterval(() => this.#sync(), PERIOD_MS);
  }

  #sync(): void {
    for (const file of this.#files) {
      if (file.isBusy) continue;
      file.isBusy = true;
      // a failure here is told by the final fsync
      fdatasync(file.fd, () => (file.isBusy = false));
    }
  }

  close(): void {
    clearInterval(this.#timer);
    for (const { fd, isBusy } of this.#files) if (!isBusy) closeSync(fd);
  }
}
