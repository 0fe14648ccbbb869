import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { openRegular } from './open-regular.js';

const CHUNK_BYTES = 1 << 20;

/** Size and digest of a regular file; never follows a link. Throws with the reason in words. */
export async function hashFile(path: string): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const { fd } = openRegular(path);
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path, { fd, highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    hash.update(chunk);
  }
  return { bytes, sha256: hash.digest('hex') };
}
