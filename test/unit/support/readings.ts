import { existsSync, readFileSync } from 'node:fs';
import type { FileReading } from '../../../src/index.js';

/** As the host hands it over: the buffer is reused, so behind the valid bytes stands what an earlier tick left. */
export function reading(content: string | Uint8Array, path = '/proc/test'): FileReading {
  const valid = typeof content === 'string' ? Buffer.from(content, 'latin1') : Buffer.from(content);
  const leftover = Buffer.alloc(64, '9');
  return { path, bytes: Buffer.concat([valid, leftover]), length: valid.length, error: null };
}

export const unreadable = (error = 'EACCES', path = '/proc/test'): FileReading => ({
  path,
  bytes: Buffer.alloc(64, '9'),
  length: 0,
  error,
});

/** A captured file; one that a case lacks could not be read. */
export const captured = (place: string, error = 'ENOENT'): FileReading =>
  existsSync(place) ? reading(readFileSync(place), place) : unreadable(error, place);
