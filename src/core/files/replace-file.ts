import { closeSync, constants, fsyncSync, openSync, renameSync, unlinkSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { FILE_MODE } from './permissions.js';

const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;

/**
 * Replaces a file as a whole: a reader, or a crash at any moment, sees the old content or the new, never a part.
 * Temporary file beside it, fsync, rename, fsync of the folder. Throws the system's error and leaves no temporary file.
 */
export function replaceFile(path: string, content: string): void {
  const temporary = `${path}.tmp`;
  unlinkIfThere(temporary);
  try {
    writeWhole(temporary, content);
    renameSync(temporary, path);
  } catch (error) {
    unlinkIfThere(temporary);
    throw error;
  }
  fsyncFolder(dirname(path));
}

function writeWhole(path: string, content: string): void {
  const fd = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, FILE_MODE);
  try {
    const bytes = Buffer.from(content);
    for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Makes the names in a folder durable: a rename survives a power cut only after this. */
export function fsyncFolder(path: string): void {
  const fd = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

export function unlinkIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
