import {
  type Call,
  type Destination,
  DestinationError,
  type OutgoingEpisode,
  type Place,
  type Transfer,
} from '../../index.js';
import { contentOf, digestOf } from './content.js';
import { fillDraft, remove } from './draft.js';
import { allOf } from './episode-files.js';
import type { Http } from './http.js';
import { isThere, listBelow, propfind } from './listing.js';
import { move } from './move.js';
import { encoded } from './paths.js';

const MARKER = 'done.marker';

/** Episodes as collections in one collection. A draft is a hidden one beside them, which one MOVE publishes. */
export class WebdavDestination implements Destination {
  readonly #http: Http;
  #isLookedAt = false;

  constructor(http: Http) {
    this.#http = http;
  }

  async exists(id: string, { signal }: Call): Promise<Uint8Array | null> {
    await this.#lookAtRoot(signal);
    return contentOf(this.#http, `${this.#pathOf(id)}/${MARKER}`, signal);
  }

  async put(episode: OutgoingEpisode, transfer: Transfer): Promise<void> {
    await this.#lookAtRoot(transfer.signal);
    // else a run that comes late would send it all
    await this.#refuseTaken(episode, transfer.signal);
    await fillDraft(this.#http, this.#pathOf(episode.draft), episode, transfer);
  }

  async verify(episode: OutgoingEpisode, place: Place, { signal }: Call): Promise<readonly string[]> {
    await this.#lookAtRoot(signal);
    const folder = this.#pathOf(place === 'draft' ? episode.draft : episode.id);
    const own = new Set(allOf(episode).map(({ path }) => path));
    const found = (await listBelow(this.#http, folder, signal)) ?? [];
    const there = new Set(found.filter(({ isCollection }) => !isCollection).map(({ path }) => path));
    const wrong = [...there].filter((path) => !own.has(path));
    for (const { path, bytes, sha256 } of allOf(episode)) {
      const url = `${folder}/${encoded(path)}`;
      if (!there.has(path) || (await digestOf(this.#http, url, bytes, signal)) !== sha256) wrong.push(path);
    }
    return wrong;
  }

  async publish(episode: OutgoingEpisode, { signal }: Call): Promise<void> {
    await this.#lookAtRoot(signal);
    // "Overwrite: F" should do; but there are servers that know nothing of it
    await this.#refuseTaken(episode, signal);
    const { status, refusal } = await move(this.#http, this.#pathOf(episode.draft), this.#pathOf(episode.id), signal);
    if (status === 412) throw this.#taken(episode);
    if (status !== 201 && status !== 204) {
      await this.#refuseTaken(episode, signal); // nginx has other answers for who comes second
      throw refusal;
    }
    if (!(await this.#isPublished(episode, signal)))
      throw new DestinationError('passing', `${episode.id} is not in ${this.#root} after it was moved there`);
  }

  async discard({ draft }: OutgoingEpisode, { signal }: Call): Promise<void> {
    await this.#lookAtRoot(signal);
    const url = this.#pathOf(draft);
    // not every server says of what is not there that it is not there, when it does not let us remove anything
    if (await isThere(this.#http, url, signal)) await remove(this.#http, { url, isCollection: true }, signal);
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  get #root(): string {
    return this.#http.urlOf(`${this.#http.address.path}/`);
  }

  #pathOf(name: string): string {
    return `${this.#http.address.path}/${encoded(name)}`;
  }

  /** Once: that there is a collection. Else a server of web pages would do, whose every answer is the same. */
  async #lookAtRoot(signal: AbortSignal): Promise<void> {
    if (this.#isLookedAt) return;
    const found = await propfind(this.#http, this.#http.address.path, '0', signal);
    if (found === null)
      throw new DestinationError('lasting', `there is no WebDAV collection ${this.#root}`, {
        hint: 'Make it on the server; it is not made from here, as a mistaken path would be too',
      });
    if (!found[0]?.isCollection) throw new DestinationError('lasting', `${this.#root} is no WebDAV collection`);
    this.#isLookedAt = true;
  }

  async #refuseTaken(episode: OutgoingEpisode, signal: AbortSignal): Promise<void> {
    if (await isThere(this.#http, this.#pathOf(episode.id), signal)) throw this.#taken(episode);
  }

  #taken({ id }: OutgoingEpisode): DestinationError {
    return new DestinationError('conflict', `there is another ${id} in ${this.#root}`);
  }

  /** The marker has the digest of every file. */
  async #isPublished({ id, marker }: OutgoingEpisode, signal: AbortSignal): Promise<boolean> {
    const url = `${this.#pathOf(id)}/${MARKER}`;
    return (await digestOf(this.#http, url, marker.bytes, signal)) === marker.sha256;
  }
}
