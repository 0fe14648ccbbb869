import { DestinationError, type EpisodeFile, type Transfer } from '../../index.js';
import type { Bucket, Target } from './bucket.js';
import { type Buffers, PART_BYTES } from './buffers.js';

/** Of one upload, at any server. */
const MOST_PARTS = 10_000;
const MIB = 1 << 20;

/** Sends a file of the episode: in one piece, or in parts if it is large. It is there whole, or not at all. */
export function upload(
  bucket: Bucket,
  target: Target,
  file: EpisodeFile,
  transfer: Transfer,
  buffers: Buffers,
): Promise<void> {
  return buffers.lend(Math.min(file.bytes, partBytesOf(file.bytes)), transfer.signal, (buffer) =>
    file.bytes > buffer.length
      ? inParts(bucket, target, file, transfer, buffer)
      : inOnePiece(bucket, target, file, transfer, buffer),
  );
}

/** In whole MiB, so that the parts of a file suffice. */
export const partBytesOf = (bytes: number): number => Math.max(PART_BYTES, Math.ceil(bytes / MOST_PARTS / MIB) * MIB);

async function inOnePiece(
  bucket: Bucket,
  target: Target,
  file: EpisodeFile,
  transfer: Transfer,
  buffer: Buffer,
): Promise<void> {
  let filled = 0;
  for await (const chunk of transfer.read(file)) {
    if (filled + chunk.length > buffer.length)
      throw new DestinationError('passing', `${file.path} has grown beyond ${file.bytes} bytes while it was read`);
    buffer.set(chunk, filled);
    filled += chunk.length;
  }
  await bucket.put(target, buffer.subarray(0, filled), transfer.signal);
}

async function inParts(
  bucket: Bucket,
  target: Target,
  file: EpisodeFile,
  transfer: Transfer,
  buffer: Buffer,
): Promise<void> {
  const { signal } = transfer;
  const { key, sha256 } = target;
  const id = await bucket.startUpload(key, sha256, signal);
  try {
    const etags: string[] = [];
    for await (const part of partsOf(transfer.read(file), buffer))
      etags.push(await bucket.putPart({ key, id, number: etags.length + 1 }, part, signal));
    await bucket.completeUpload(target, id, etags, signal);
  } catch (error) {
    await bucket.abortUpload(key, id);
    throw error;
  }
}

/** The content in pieces of the buffer's length, each in the buffer itself: it is good until the next one is asked for. */
async function* partsOf(content: AsyncIterable<Uint8Array>, buffer: Buffer): AsyncGenerator<Buffer> {
  let filled = 0;
  for await (const chunk of content) {
    for (let taken = 0; taken < chunk.length; ) {
      const piece = chunk.subarray(taken, taken + buffer.length - filled);
      buffer.set(piece, filled);
      taken += piece.length;
      filled += piece.length;
      if (filled < buffer.length) continue;
      yield buffer;
      filled = 0;
    }
  }
  if (filled > 0) yield buffer.subarray(0, filled);
}
