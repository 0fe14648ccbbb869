import { closeSync, readFileSync } from 'node:fs';
import { openRegular } from './open-regular.js';

const MAX_BYTES = 64 * 1024 * 1024;

/** The text of a regular file of at most 64 MiB. Throws with the reason in words. */
export function readDocument(path: string): string {
  const { fd, bytes } = openRegular(path);
  try {
    if (bytes > MAX_BYTES) throw new Error(`has ${bytes} bytes; a document has at most ${MAX_BYTES}`);
    return readFileSync(fd, 'utf8');
  } finally {
    closeSync(fd);
  }
}
