import { rename, rm, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  type Call,
  type Destination,
  DestinationError,
  type EpisodeFile,
  type OutgoingEpisode,
  type Place,
  type Transfer,
} from '../../index.js';
import {
  contentOf,
  digestOf,
  isFolder,
  isTaken,
  listBelow,
  makeFolder,
  moveAside,
  syncFolder,
  writeWhole,
} from './files.js';
import { told } from './trouble.js';

const MARKER = 'done.marker';
/** rename(2) onto a folder that has something in it, or onto what is no folder. */
const TAKEN = new Set(['ENOTEMPTY', 'EEXIST', 'ENOTDIR']);

/** Episodes as folders in one folder. A draft is a hidden folder beside them, on the same file system: so one rename publishes it. */
export class FolderDestination implements Destination {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  exists(id: string): Promise<Uint8Array | null> {
    return this.#told(`${id} can not be looked up`, () => contentOf(join(this.#root, id, MARKER)));
  }

  put(episode: OutgoingEpisode, transfer: Transfer): Promise<void> {
    return this.#told(`${episode.id} can not be written`, async () => {
      const draft = join(this.#root, episode.draft);
      if (await isTaken(join(this.#root, episode.id))) throw this.#taken(episode);
      await makeFolder(draft);
      await makeFolder(incomingOf(draft));
      await removeStrangers(draft, episode); // a link in the place of a folder is one
      // not with each file: the draft of an episode that another run has published meanwhile would come back
      for (const folder of foldersOf(episode).reverse()) await makeFolder(join(draft, folder));
      for (const file of allOf(episode)) await putFile(draft, file, transfer);
      for (const folder of foldersOf(episode)) await syncFolder(join(draft, folder));
    });
  }

  verify(episode: OutgoingEpisode, place: Place, { signal }: Call): Promise<readonly string[]> {
    return this.#told(`${episode.id} can not be read back`, async () => {
      const folder = join(this.#root, place === 'draft' ? episode.draft : episode.id);
      const wrong = await strangersIn(folder, episode);
      for (const file of allOf(episode)) if (!(await isThere(folder, file, signal))) wrong.push(file.path);
      return wrong;
    });
  }

  publish(episode: OutgoingEpisode): Promise<void> {
    const draft = join(this.#root, episode.draft);
    return this.#told(`${episode.id} can not be published`, async () => {
      if (!(await isFolder(draft)))
        throw new DestinationError('passing', `the draft of ${episode.id} is gone from ${this.#root}`);
      try {
        await rename(draft, join(this.#root, episode.id));
      } catch (error) {
        if (!TAKEN.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
        throw this.#taken(episode, error);
      }
      await syncFolder(this.#root);
      await removeAll(incomingOf(draft));
    });
  }

  discard(episode: OutgoingEpisode): Promise<void> {
    const draft = join(this.#root, episode.draft);
    return this.#told(`the draft of ${episode.id} can not be removed`, async () => {
      const incoming = incomingOf(draft);
      if (await isTaken(draft)) {
        await makeFolder(incoming);
        await moveAside(draft, incoming); // at once: no other run finds half of it
      }
      await removeAll(incoming);
      await syncFolder(this.#root); // who has published it may have been killed before that
    });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #taken({ id }: OutgoingEpisode, cause?: unknown): DestinationError {
    return new DestinationError('conflict', `there is another ${id} in ${this.#root}`, { cause });
  }

  #told<T>(what: string, work: () => Promise<T>): Promise<T> {
    return told(`${what} in ${this.#root}`, work);
  }
}

/**
 * Where files are while they are being written. Not in the draft: what another run is still writing when it is published
 * would lie in the episode.
 */
const incomingOf = (draft: string): string => `${draft}.incoming`;

/** Also while another run is writing there. */
const removeAll = (path: string): Promise<void> => rm(path, { recursive: true, force: true, maxRetries: 3 });

const allOf = ({ files, marker }: OutgoingEpisode): readonly EpisodeFile[] => [...files, marker];

async function putFile(draft: string, file: EpisodeFile, transfer: Transfer): Promise<void> {
  if (await isThere(draft, file, transfer.signal)) return;
  const path = join(draft, file.path);
  if (await isFolder(path)) await removeAll(path);
  await writeWhole(path, transfer.read(file), incomingOf(draft));
}

const isThere = async (folder: string, { path, bytes, sha256 }: EpisodeFile, signal: AbortSignal): Promise<boolean> =>
  (await digestOf(join(folder, path), bytes, signal)) === sha256;

async function strangersIn(folder: string, episode: OutgoingEpisode): Promise<string[]> {
  const own = new Set(allOf(episode).map(({ path }) => path));
  return (await listBelow(folder)).filter((path) => !own.has(path));
}

async function removeStrangers(draft: string, episode: OutgoingEpisode): Promise<void> {
  for (const path of await strangersIn(draft, episode)) {
    await unlink(join(draft, path)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error; // another run was faster
    });
  }
}

/** The draft's folders, the innermost first. */
function foldersOf(episode: OutgoingEpisode): string[] {
  const folders = new Set(['.']);
  for (const { path } of episode.files)
    for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) folders.add(folder);
  return [...folders].sort((a, b) => b.length - a.length);
}
