import { closeSync, constants, fdatasync, openSync } from 'node:fs';

const PERIOD_MS = 5_000;

interface SyncedFile {
  readonly fd: number;
  /** The flush that is under way; resolves when no other is to follow it. */
  flush: Promise<void> | null;
  /** It may have begun before the last line: so once more. */
  isAgain: boolean;
}

/**
 * Flushes growing files and folders to the disk every 5 s, from the main thread: a power cut costs at most that much, and
 * no sampling thread ever waits for a disk. A file whose last flush is still under way is left out.
 */
export class FileSyncer {
  readonly #timer: NodeJS.Timeout;
  readonly #files: ReadonlyMap<string, SyncedFile>;
  readonly #onFailure: (error: unknown) => void;

  /** `onFailure`: what the disk refused. The kernel tells of a lost page but once, so the final fsync would not know. */
  constructor(paths: readonly string[], onFailure: (error: unknown) => void) {
    this.#onFailure = onFailure;
    this.#files = new Map(
      paths.map((path) => [
        path,
        { fd: openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW), flush: null, isAgain: false },
      ]),
    );
    this.#timer = setInterval(() => {
      for (const file of this.#files.values()) file.flush ??= this.#flush(file);
    }, PERIOD_MS);
  }

  /** Flushes one file now, or as soon as the flush is over that is under way. */
  sync(path: string): void {
    const file = this.#files.get(path)!;
    if (file.flush === null) file.flush = this.#flush(file);
    else file.isAgain = true;
  }

  async #flush(file: SyncedFile): Promise<void> {
    do {
      file.isAgain = false;
      await new Promise<void>((resolve) => {
        fdatasync(file.fd, (error) => {
          if (error) this.#onFailure(error);
          resolve();
        });
      });
    } while (file.isAgain);
    file.flush = null;
  }

  /** Resolves when no flush is under way. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    const files = [...this.#files.values()];
    await Promise.all(files.map(({ flush }) => flush));
    for (const { fd } of files) closeSync(fd);
  }
}
