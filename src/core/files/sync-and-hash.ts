import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, readSync } from 'node:fs';
import { openPlain } from './open-regular.js';

const CHUNK_BYTES = 1 << 20;
const NEWLINE = 0x0a;

export interface HashedFile {
  readonly bytes: number;
  readonly lines: number;
  readonly sha256: string;
}

/** Flushes a file to the disk, then reads it: its size, its line feeds, its digest. */
export function syncAndHash(path: string): HashedFile {
  const fd = openPlain(path);
  try {
    fsyncSync(fd);
    return hashDescriptor(fd);
  } finally {
    closeSync(fd);
  }
}

/** Flushes a file that was hashed before. */
export function synced(path: string, known: HashedFile): HashedFile {
  const fd = openPlain(path);
  try {
    fsyncSync(fd);
    return known;
  } finally {
    closeSync(fd);
  }
}

function hashDescriptor(fd: number): HashedFile {
  const hash = createHash('sha256');
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let bytes = 0;
  let lines = 0;
  for (let length = readSync(fd, chunk); length > 0; length = readSync(fd, chunk)) {
    const part = chunk.subarray(0, length);
    hash.update(part);
    bytes += length;
    for (let at = part.indexOf(NEWLINE); at >= 0; at = part.indexOf(NEWLINE, at + 1)) lines++;
  }
  return { bytes, lines, sha256: hash.digest('hex') };
}
