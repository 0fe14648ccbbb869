import { createHash } from 'node:crypto';
import { closeSync, createReadStream, lstatSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { errorCode, errorMessage } from '../errors/describe-error.js';
import { COMPRESSIONS, type Compression, decompressor, SUFFIX } from '../files/compression.js';
import { lookAt } from '../files/look-at.js';
import { openRegular } from '../files/open-regular.js';
import { hashStart, type LineVisitor, type ScannedFile, scanChunks, scanLines } from './line-reader.js';

/** Where the content of a file of the manifest is: in the file itself, or compressed beside where that would be. */
export interface StoredFile {
  /** From the episode's folder. */
  readonly path: string;
  readonly compression: Compression | null;
}

/** As it was recorded, or, where that is missing, as it was shipped. */
export function storedFile(folder: string, path: string): StoredFile {
  const isThere = (each: string) => lookAt(join(folder, each)) !== null;
  const packed = isThere(path) ? undefined : COMPRESSIONS.find((each) => isThere(`${path}${SUFFIX[each]}`));
  return packed === undefined ? { path, compression: null } : { path: `${path}${SUFFIX[packed]}`, compression: packed };
}

/** Hands out the lines of the content; of compressed content not more than `bytes`. Throws with the reason in words. */
export async function scanStored(
  folder: string,
  { path, compression }: StoredFile,
  bytes: number,
  visitor: LineVisitor,
): Promise<ScannedFile> {
  if (compression === null) return scanLines(join(folder, path), visitor);
  return scanChunks(unpacked(join(folder, path), compression, bytes), visitor);
}

/** The digest of the first bytes of the content, in bounded memory. Throws with the reason in words. */
export async function hashStoredStart(
  folder: string,
  { path, compression }: StoredFile,
  bytes: number,
): Promise<string> {
  if (compression === null) return hashStart(join(folder, path), bytes);
  const hash = createHash('sha256');
  let left = bytes;
  for await (const chunk of unpacked(join(folder, path), compression, Number.POSITIVE_INFINITY)) {
    hash.update(chunk.subarray(0, left));
    left -= chunk.length;
    if (left <= 0) break;
  }
  return hash.digest('hex');
}

async function* unpacked(path: string, compression: Compression, longest: number): AsyncGenerator<Buffer> {
  const { fd } = openRegular(path);
  // what fails on the way fails the reading below, too
  const content = pipeline(createReadStream(path, { fd }), decompressor(compression), () => {});
  try {
    let bytes = 0;
    for await (const chunk of content as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      // a small file may unpack to a disk full
      if (bytes > longest) throw new Error(`unpacks to more than the ${longest} bytes that done.marker says`);
      yield chunk;
    }
  } catch (error) {
    if (!/^(Z|ZSTD|ERR_ZSTD)_/.test(errorCode(error))) throw error;
    throw new Error(`can not be unpacked: ${errorMessage(error)}`, { cause: error });
  } finally {
    content.destroy();
  }
}

/** Throws in words if it is no regular file, or lies behind a link. */
export function sizeOf(folder: string, path: string): number {
  const steps = path.split('/');
  for (let i = 1; i < steps.length; i++) {
    const parent = steps.slice(0, i).join('/');
    if (lstatSync(join(folder, parent), { throwIfNoEntry: false })?.isDirectory() === false)
      throw new Error(`lies below ${parent}, which is no folder`);
  }
  const { fd, bytes } = openRegular(join(folder, path));
  closeSync(fd);
  return bytes;
}
