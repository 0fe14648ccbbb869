import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Call,
  type Destination,
  DestinationError,
  type EpisodeFile,
  type OutgoingEpisode,
  type Place,
  type Transfer,
} from '../../index.js';
import type { Bucket } from './bucket.js';
import { Buffers } from './buffers.js';
import type { Location } from './location.js';
import { upload } from './upload.js';

const MARKER = 'done.marker';

/**
 * Episodes as keys that begin alike. Objects can't be renamed, so the draft is gathered where the episode is to be, and it
 * is none before its marker is there: that one is an object of its own, which comes whole or not at all.
 */
export class S3Destination implements Destination {
  readonly #bucket: Bucket;
  readonly #location: Location;
  readonly #buffers = new Buffers();

  readonly address: string;

  /** `server`: the endpoint, from wherever it comes. */
  constructor(bucket: Bucket, location: Location, server: string) {
    this.address = `${server} ${location.url}`;
    this.#bucket = bucket;
    this.#location = location;
  }

  exists(id: string, { signal }: Call): Promise<Uint8Array | null> {
    return this.#bucket.content(this.#key(id, MARKER), signal);
  }

  async put(episode: OutgoingEpisode, transfer: Transfer): Promise<void> {
    const { signal } = transfer;
    if (await this.#isPublished(episode, signal)) return;
    const there = await this.#list(episode, signal);
    for (const path of strangersIn(there, episode)) {
      // the more time passes, the more may have been published by another run
      if (await this.#isPublished(episode, signal)) return;
      await this.#bucket.remove(this.#key(episode.id, path), signal);
    }
    for (const file of episode.files) {
      if (await this.#isThere(there, episode.id, file, signal)) continue;
      if (there.has(file.path) && (await this.#isPublished(episode, signal))) return;
      const target = { key: this.#key(episode.id, file.path), sha256: file.sha256, isNew: !there.has(file.path) };
      await upload(this.#bucket, target, file, transfer, this.#buffers);
    }
  }

  async verify(episode: OutgoingEpisode, place: Place, { signal }: Call): Promise<readonly string[]> {
    const there = await this.#list(episode, signal);
    const wrong = strangersIn(there, episode);
    const expected = place === 'draft' ? episode.files : [...episode.files, episode.marker];
    for (const file of expected) if (!(await this.#isThere(there, episode.id, file, signal))) wrong.push(file.path);
    return wrong;
  }

  async publish(episode: OutgoingEpisode, { signal }: Call): Promise<void> {
    if (await this.#isPublished(episode, signal)) return;
    const key = this.#key(episode.id, episode.marker.path);
    await this.#bucket.putUnlessThere(key, await markerOf(episode), episode.marker.sha256, signal);
    // two runs may both have found none: the one whose marker is there has published
    if (!(await this.#isPublished(episode, signal)))
      throw new DestinationError('passing', `the marker of ${episode.id} has vanished from ${this.#location.url}`);
    // nor is the draft this run's own: one that sends another variant may have been at work since it was verified
    const there = await this.#list(episode, signal);
    const isWhole = [...episode.files, episode.marker].every(({ path, bytes }) => there.get(path) === bytes);
    if (!isWhole || strangersIn(there, episode).length > 0)
      throw new DestinationError('passing', `another run has changed ${episode.id} in ${this.#location.url}`);
  }

  /** There is no draft but what is under the id: of whoever has published it. */
  discard(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#bucket.destroy();
    return Promise.resolve();
  }

  #key(id: string, path: string): string {
    return `${this.#location.prefix}${id}/${path}`;
  }

  /** Whether this very episode is published. Throws `conflict` if another one is. */
  async #isPublished({ id, marker }: OutgoingEpisode, signal: AbortSignal): Promise<boolean> {
    const there = await this.#bucket.content(this.#key(id, MARKER), signal);
    if (there === null) return false;
    if (sha256(there) === marker.sha256) return true;
    throw new DestinationError('conflict', `there is another ${id} in ${this.#location.url}`);
  }

  /** Sizes by path. */
  async #list({ id }: OutgoingEpisode, signal: AbortSignal): Promise<Map<string, number>> {
    const start = this.#key(id, '');
    const sizes = await this.#bucket.list(start, signal);
    return new Map([...sizes].map(([key, size]) => [key.slice(start.length), size]));
  }

  async #isThere(
    there: ReadonlyMap<string, number>,
    id: string,
    { path, bytes, sha256 }: EpisodeFile,
    signal: AbortSignal,
  ): Promise<boolean> {
    return there.get(path) === bytes && (await this.#bucket.digest(this.#key(id, path), signal)) === sha256;
  }
}

/** What is there and belongs neither to the draft nor to the episode. */
function strangersIn(there: ReadonlyMap<string, number>, { files, marker }: OutgoingEpisode): string[] {
  const own = new Set([...files, marker].map(({ path }) => path));
  return [...there.keys()].filter((path) => !own.has(path));
}

/** Not by way of a transfer: it is small, and `publish` has none. */
async function markerOf({ folder, marker }: OutgoingEpisode): Promise<Buffer> {
  const content = await readFile(join(folder, marker.path));
  if (sha256(content) === marker.sha256) return content;
  throw new DestinationError('lasting', `${join(folder, marker.path)} is not what it was when this run began`);
}

const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');
