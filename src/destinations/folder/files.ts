import { createHash, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, readdir, rename, unlink } from 'node:fs/promises';
import { join, relative } from 'node:path';

const { O_RDONLY, O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_DIRECTORY } = constants;
/** What is recorded may be sensitive: nothing for others. */
const FILE_MODE = 0o640;
const FOLDER_MODE = 0o750;
const CHUNK_BYTES = 1 << 18;
const NOTHING_THERE = new Set(['ENOENT', 'ELOOP', 'ENOTDIR', 'EISDIR', 'ENXIO']);

/** The digest of a regular file of this size, in hex; null if there is no such file. Follows no link. */
export async function digestOf(path: string, bytes: number, signal: AbortSignal): Promise<string | null> {
  return withRegular(path, async (file) => {
    if ((await file.stat()).size !== bytes) return null;
    const hash = createHash('sha256');
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    for (;;) {
      signal.throwIfAborted();
      const { bytesRead } = await file.read(chunk, 0, chunk.length, null);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(chunk.subarray(0, bytesRead));
    }
  });
}

/** The content of a regular file; null if there is none. */
export const contentOf = (path: string): Promise<Buffer | null> => withRegular(path, (file) => file.readFile());

async function withRegular<T>(path: string, use: (file: FileHandle) => Promise<T>): Promise<T | null> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    return (await file.stat()).isFile() ? await use(file) : null;
  } catch (error) {
    if (file === undefined && NOTHING_THERE.has((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  } finally {
    await file?.close();
  }
}

/** Writes a file in another folder and moves it to its place when it is whole and on the disk: who looks sees it whole, or not at all. */
export async function writeWhole(path: string, content: AsyncIterable<Uint8Array>, incoming: string): Promise<void> {
  const temporary = join(incoming, nameOfNoMeaning());
  try {
    const file = await open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, FILE_MODE);
    try {
      for await (const chunk of content) await writeAll(file, chunk);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw error;
  }
}

async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let done = 0; done < chunk.length; ) done += (await file.write(chunk, done)).bytesWritten;
}

/** Makes a folder, in the place of whatever else has its name. */
export async function makeFolder(path: string): Promise<void> {
  const there = await lstat(path).catch(() => null);
  if (there?.isDirectory() === false) await unlink(path);
  // not `recursive`: that tries for ever where a folder can't be made although its parent is there
  await mkdir(path, { mode: FOLDER_MODE }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}

/** Whether it is one, and no link to one. */
export const isFolder = async (path: string): Promise<boolean> =>
  (await lstat(path).catch(() => null))?.isDirectory() ?? false;

/** Whether there is anything of this name. */
export const isTaken = async (path: string): Promise<boolean> => (await lstat(path).catch(() => null)) !== null;

/** Moves it into a folder, under a name of no meaning; nothing if another run was faster. */
export async function moveAside(path: string, folder: string): Promise<void> {
  await rename(path, join(folder, nameOfNoMeaning())).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}

const nameOfNoMeaning = (): string => randomBytes(8).toString('hex');

/** Makes the names in a folder durable. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, O_RDONLY | O_DIRECTORY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** All that is below a folder and no folder itself, from there; nothing if there is no such folder. */
export async function listBelow(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
