import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { basename } from 'node:path';
import { COMPRESSIONS, SUFFIX, UNPACK } from './compression.js';
import { lookAt } from './look-at.js';

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
/** What is opened is none: told as the system tells what it refuses. */
const NOT_REGULAR = { code: 'ENXIO', syscall: 'open' };

/** Opens a regular file; never follows a link, never waits for a FIFO. Throws the system's error, or one like it. */
export function openPlain(path: string, access: number = O_RDONLY): number {
  const fd = openSync(path, access | O_NOFOLLOW | O_NONBLOCK);
  if (fstatSync(fd).isFile()) return fd;
  closeSync(fd);
  throw Object.assign(new Error(`${path} is no regular file`), NOT_REGULAR);
}

/** The same for reading. Throws the reason in words. */
export function openRegular(path: string): { readonly fd: number; readonly bytes: number } {
  try {
    const fd = openPlain(path);
    return { fd, bytes: fstatSync(fd).size };
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw new Error(code === 'ENOENT' ? absence(path) : (WORDS[code] ?? message), { cause: error });
  }
}

/** In words: an episode that was shipped compressed has it under another name. */
export function absence(path: string): string {
  const packed = COMPRESSIONS.find((each) => lookAt(`${path}${SUFFIX[each]}`) !== null);
  return packed === undefined
    ? 'does not exist'
    : `is there as ${basename(path)}${SUFFIX[packed]}: unpack the episode first, with ${UNPACK[packed]}`;
}

const WORDS: Readonly<Record<string, string>> = {
  ELOOP: 'is a symbolic link',
  ENXIO: 'is no regular file',
  EACCES: 'can not be read: permission denied',
};
