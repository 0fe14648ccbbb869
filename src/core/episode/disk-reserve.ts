import { closeSync, constants, fsyncSync, openSync, writeSync } from 'node:fs';
import { FILE_MODE } from '../files/permissions.js';
import { unlinkIfThere } from '../files/replace-file.js';
import type { EpisodeFolder } from './episode-folder.js';

const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
const BYTES = 64 * 1024;

/**
 * Real bytes kept on the disk, given back when it is full: after ENOSPC meta.json could not be replaced otherwise.
 * The content is irregular, so that no compressing file system saves it.
 */
export class DiskReserve {
  readonly #folder: Pick<EpisodeFolder, 'reserve'>;

  constructor(folder: Pick<EpisodeFolder, 'reserve'>) {
    this.#folder = folder;
  }

  /** Throws ENOSPC where there is no room for it, before anything was recorded. */
  take(): void {
    const fd = openSync(this.#folder.reserve, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, FILE_MODE);
    try {
      const bytes = new Uint8Array(BYTES);
      crypto.getRandomValues(bytes);
      for (let done = 0; done < BYTES; ) done += writeSync(fd, bytes, done);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  }

  /** Idempotent. */
  giveBack(): void {
    unlinkIfThere(this.#folder.reserve);
  }
}
