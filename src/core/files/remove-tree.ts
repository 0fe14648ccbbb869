import { closeSync, constants, openSync, readdirSync, rmdirSync } from 'node:fs';
import { errorCode } from '../errors/describe-error.js';
import { unlinkIfThere } from './replace-file.js';

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants;

/**
 * Removes a folder with all that is in it, if it is there. Each folder is held open, and what is in it is named from
 * there: so nobody who may write to it can put a link in the way, and have root remove what the link leads to, as with
 * `rmSync` (which looks first, and goes by the path then). Throws the system's error where something has to stay.
 */
export function removeTree(path: string): void {
  try {
    empty(path);
    rmdirSync(path);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}

function empty(path: string): void {
  const fd = openFolder(path);
  if (fd === null) return;
  try {
    const held = `/proc/self/fd/${fd}`;
    for (const entry of readdirSync(held, { withFileTypes: true })) {
      const inside = `${held}/${entry.name}`;
      if (entry.isDirectory()) removeTree(inside);
      else unlinkIfThere(inside);
    }
  } finally {
    closeSync(fd);
  }
}

/** Null if it may not be read: it can be removed all the same if it is empty. */
function openFolder(path: string): number | null {
  try {
    return openSync(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  } catch (error) {
    if (errorCode(error) === 'EACCES') return null;
    throw error;
  }
}
