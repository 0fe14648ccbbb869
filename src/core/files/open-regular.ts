import { closeSync, constants, fstatSync, openSync } from 'node:fs';

/** Opens a regular file for reading; never follows a link, never waits for a FIFO. Throws with the reason in words. */
export function openRegular(path: string): { readonly fd: number; readonly bytes: number } {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    throw new Error(WORDS[(error as NodeJS.ErrnoException).code ?? ''] ?? (error as Error).message, { cause: error });
  }
  const stat = fstatSync(fd);
  if (stat.isFile()) return { fd, bytes: stat.size };
  closeSync(fd);
  throw new Error('is no regular file');
}

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ELOOP: 'is a symbolic link',
  ENXIO: 'is no regular file',
  EACCES: 'can not be read: permission denied',
};
