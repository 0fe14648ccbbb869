import { createHash } from 'node:crypto';
import { createWriteStream, mkdirSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { EpisodeFile } from '../contract/destination.js';
import { NAMES } from '../episode/episode-folder.js';
import { type Compression, compressor, SUFFIX } from '../files/compression.js';
import { whileLocked } from '../files/folder-lock.js';
import { FILE_MODE, FOLDER_MODE } from '../files/permissions.js';
import { removeTree } from '../files/remove-tree.js';
import { asideOf } from './aside.js';
import type { FinishedEpisode } from './finished-episode.js';
import { readProved } from './paced-reading.js';
import { LocalTrouble } from './trouble.js';

/**
 * Makes a copy of the episode beside it in which each file but meta.json and the marker is compressed, for as long as it
 * is used: only so are size and digest of what is sent known before, and the same from run to run.
 */
export async function withPacked<T>(
  episode: FinishedEpisode,
  { output, compression, signal }: { output: string; compression: Compression | null; signal: AbortSignal },
  use: (episode: FinishedEpisode) => Promise<T>,
): Promise<T> {
  if (compression === null) return use(episode);
  const place = asideOf(output, episode.id, 'packed');
  mkdirSync(place, { mode: FOLDER_MODE });
  return whileLocked(place, async () => {
    try {
      return await use(await packed(episode, join(place, episode.id), compression, signal));
    } finally {
      removeTree(place);
    }
  });
}

/** Throws LocalTrouble where this machine has no room for it. */
async function packed(...request: Parameters<typeof pack>): Promise<FinishedEpisode> {
  try {
    return await pack(...request);
  } catch (error) {
    if (typeof (error as NodeJS.ErrnoException).syscall !== 'string') throw error;
    throw new LocalTrouble(`${request[0].id} can not be compressed`, error);
  }
}

async function pack(
  { id, folder, files, marker }: FinishedEpisode,
  place: string,
  compression: Compression,
  signal: AbortSignal,
): Promise<FinishedEpisode> {
  mkdirSync(place, { recursive: true, mode: FOLDER_MODE });
  await copyFile(join(folder, NAMES.marker), join(place, NAMES.marker));
  const made: EpisodeFile[] = [];
  const taken = new Set(files.map(({ path }) => path));
  for (const file of files) {
    const isPlain = staysPlain(file.path, taken);
    const path = isPlain ? file.path : `${file.path}${SUFFIX[compression]}`;
    await mkdir(dirname(join(place, path)), { recursive: true, mode: FOLDER_MODE });
    const steps = isPlain ? [] : [compressor(compression)];
    made.push({ path, ...(await write(join(place, path), readProved(folder, file), steps, signal)) });
  }
  return { id, folder: place, files: made, marker };
}

/** meta.json, what is packed already, and what would take another file's name. */
const staysPlain = (path: string, taken: ReadonlySet<string>): boolean =>
  path === NAMES.meta || Object.values(SUFFIX).some((suffix) => path.endsWith(suffix) || taken.has(`${path}${suffix}`));

/** A stream may hold several chunks, and those of a reader are in one buffer. */
async function* copied(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of content) yield Buffer.from(chunk);
}

async function write(
  path: string,
  content: AsyncIterable<Buffer>,
  steps: readonly Transform[],
  signal: AbortSignal,
): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  const file = createWriteStream(path, { flags: 'wx', mode: FILE_MODE });
  const streams: (NodeJS.ReadableStream | NodeJS.WritableStream)[] = [
    Readable.from(copied(content)),
    ...steps,
    meter,
    file,
  ];
  await pipeline(streams, { signal });
  return { bytes, sha256: hash.digest('hex') };
}
