import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  cpSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { ulid } from 'ulid';
import { recordEpisode } from './episode.mjs';

const CHUNK = 1 << 20;

/** A small finished episode, really recorded, to be copied. */
export async function recordShippable({ folder, targetPid }) {
  const { path } = await recordEpisode({ folder, targetPid, args: ['--duration', '300ms'] });
  return path;
}

/** A valid copy of another id in a folder of episodes, with so many bytes more in an artifact. */
export function copyEpisode(original, output, extraBytes = 0) {
  const id = ulid();
  const path = join(output, id);
  mkdirSync(output, { recursive: true });
  cpSync(original, path, { recursive: true });
  const meta = readFileSync(join(path, 'meta.json'), 'utf8').replaceAll(basename(original), id);
  writeFileSync(join(path, 'meta.json'), meta);
  const marker = JSON.parse(readFileSync(join(path, 'done.marker'), 'utf8'));
  const entry = marker.files.find((file) => file.path === 'meta.json');
  Object.assign(entry, { bytes: Buffer.byteLength(meta), sha256: createHash('sha256').update(meta).digest('hex') });
  if (extraBytes > 0) marker.files.push(writeLarge(path, 'artifacts/large.bin', extraBytes));
  writeFileSync(join(path, 'done.marker'), JSON.stringify({ ...marker, id }));
  return path;
}

function writeLarge(folder, path, bytes) {
  const [hash, fd, chunk] = [createHash('sha256'), openSync(join(folder, path), 'w'), randomBytes(CHUNK)];
  for (let done = 0; done < bytes; done += CHUNK) {
    chunk.writeUInt32LE(done / CHUNK);
    writeSync(fd, chunk);
    hash.update(chunk);
  }
  closeSync(fd);
  return { path, bytes: statSync(join(folder, path)).size, rows: null, sha256: hash.digest('hex') };
}

/** A new empty folder in the place of the former one. */
export function emptied(path) {
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true });
  return path;
}
