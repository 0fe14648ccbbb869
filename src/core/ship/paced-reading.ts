import { createHash } from 'node:crypto';
import { closeSync, read as fsRead } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { EpisodeFile, Transfer } from '../contract/destination.js';
import { openRegular } from '../files/open-regular.js';
import type { Pacer } from './pacer.js';
import { ChangedEpisode, LocalTrouble, unreadable } from './trouble.js';

const CHUNK_BYTES = 1 << 18;
const read = promisify(fsRead);

/**
 * The content of an episode's file, in one buffer that is filled again for each chunk: many at once would leave garbage
 * faster than it is collected. The digest is made as it is read: what is no longer what was sealed is found at its end.
 */
export async function* readProved(folder: string, file: EpisodeFile): AsyncGenerator<Buffer> {
  const fd = open(folder, file);
  try {
    const hash = createHash('sha256');
    const buffer = Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, file.bytes + 1));
    let bytes = 0;
    for (;;) {
      const { bytesRead } = await read(fd, buffer, 0, buffer.length, null).catch((error: unknown) => {
        throw new LocalTrouble(`${file.path} can not be read`, error);
      });
      if (bytesRead === 0) break;
      const chunk = buffer.subarray(0, bytesRead);
      hash.update(chunk);
      bytes += bytesRead;
      yield chunk;
    }
    if (bytes !== file.bytes || hash.digest('hex') !== file.sha256)
      throw new ChangedEpisode(`${file.path} is not what done.marker says: it was changed afterwards`);
  } finally {
    closeSync(fd);
  }
}

function open(folder: string, { path }: EpisodeFile): number {
  try {
    return openRegular(join(folder, path)).fd;
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** How the files of one episode leave this machine. */
export function transferOf(
  folder: string,
  { pacer, signal, onSent }: { pacer: Pacer; signal: AbortSignal; onSent: (bytes: number) => void },
): Transfer {
  async function* read(file: EpisodeFile): AsyncGenerator<Buffer> {
    for await (const chunk of readProved(folder, file)) {
      signal.throwIfAborted();
      for await (const piece of pacer.pace(chunk, signal)) {
        onSent(piece.length);
        yield piece;
      }
    }
  }
  return { signal, read, bytesPerSecond: pacer.bytesPerSecond, sent: onSent };
}

/** Throws ChangedEpisode at the first file whose content is not what was sealed. */
export async function requireUnchanged(
  folder: string,
  files: readonly EpisodeFile[],
  signal: AbortSignal,
): Promise<void> {
  for (const file of files) for await (const _ of readProved(folder, file)) signal.throwIfAborted();
}
