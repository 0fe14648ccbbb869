import { closeSync, constants, fstatSync, ftruncateSync, openSync, readSync } from 'node:fs';

const CHUNK_BYTES = 1024 * 1024;
const LINE_FEED = 0x0a;

/** Cuts a file back to its last whole line, and counts what it has. Throws the system's errors. */
export function keepWholeLines(path: string): { readonly lines: number; readonly bytes: number } {
  const fd = openSync(path, constants.O_RDWR | constants.O_NOFOLLOW);
  try {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    let [lines, bytes, position] = [0, 0, 0];
    for (;;) {
      const length = readSync(fd, chunk, 0, CHUNK_BYTES, position);
      if (length === 0) break;
      const read = chunk.subarray(0, length);
      for (let at = read.indexOf(LINE_FEED); at >= 0; at = read.indexOf(LINE_FEED, at + 1)) {
        lines++;
        bytes = position + at + 1;
      }
      position += length;
    }
    if (fstatSync(fd).size > bytes) ftruncateSync(fd, bytes);
    return { lines, bytes };
  } finally {
    closeSync(fd);
  }
}
