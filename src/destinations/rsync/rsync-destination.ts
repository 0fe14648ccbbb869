import pLimit from 'p-limit';
import {
  type Call,
  type Destination,
  DestinationError,
  type EpisodeFile,
  type OutgoingEpisode,
  type Place,
  type Transfer,
} from '../../index.js';
import { type Address, shownAs } from './address.js';
import { type Begun, begunOf } from './begun.js';
import type { Connection, Running } from './connection.js';
import { sendFiles } from './rsync.js';
import { DISCARD, LIST, LOOK, MARKER_OF, MOVE, PREPARE, PUBLISH, REMOVE, WRITE_MARKER } from './scripts.js';
import { allOf, bytesOf, listOf, missingIn, parseSurvey, type Survey, strangersIn, textOf } from './survey.js';
import type { Tools } from './tools.js';
import { troubleOf } from './trouble.js';

interface Parts {
  readonly connection: Connection;
  readonly address: Address;
  readonly tools: Tools;
  /** Whether an episode has to be on the disk before it is published. */
  readonly sync: boolean;
}

/** Episodes as folders in one folder of another machine. A draft is a hidden folder beside them, on the same file system. */
export class RsyncDestination implements Destination {
  readonly #connection: Connection;
  readonly #address: Address;
  readonly #tools: Tools;
  readonly #sync: boolean;
  /** With a limit one sends at a time, so that all together keep to it. */
  readonly #oneAtATime = pLimit(1);

  constructor({ connection, address, tools, sync }: Parts) {
    this.#connection = connection;
    this.#address = address;
    this.#tools = tools;
    this.#sync = sync;
  }

  async exists(id: string, { signal }: Call): Promise<Uint8Array | null> {
    const said = await this.#run(`${id} can not be looked up`, MARKER_OF, [id], { signal });
    return said.length === 0 ? null : said.subarray(1);
  }

  async put(episode: OutgoingEpisode, transfer: Transfer): Promise<void> {
    const { id, draft, marker } = episode;
    const said = await this.#run(`${id} can not be written`, PREPARE, [draft, id], { signal: transfer.signal });
    if (said.toString() === 'taken') throw this.#taken(episode);
    const survey = parseSurvey(said);
    const missing = missingIn(survey, allOf(episode));
    const data = missing.filter((file) => file !== marker);
    const begun = begunOf(survey, data);
    await this.#clean(episode, survey, { missing, begun }, transfer);
    if (data.length > 0) await this.#send(episode, data, begun, transfer);
    if (missing.length > 0) await this.#finish(episode, missing.includes(marker), transfer);
  }

  /** Writes the marker unless it is there, and takes away what a killed run's rsync has left since it was looked for. */
  async #finish(episode: OutgoingEpisode, withMarker: boolean, transfer: Transfer): Promise<void> {
    const { signal } = transfer;
    const what = `${episode.id} can not be written`;
    const left = withMarker
      ? this.#run(what, WRITE_MARKER, [episode.draft], { signal, input: await contentOf(episode.marker, transfer) })
      : this.#run(what, LIST, [episode.draft], { signal });
    await this.#change(episode, REMOVE, strangersIn(parseSurvey(await left), episode), { signal });
  }

  async verify(episode: OutgoingEpisode, place: Place, { signal }: Call): Promise<readonly string[]> {
    const folder = place === 'draft' ? episode.draft : episode.id;
    const survey = parseSurvey(await this.#run(`${episode.id} can not be read back`, LOOK, [folder], { signal }));
    const wrong = missingIn(survey, allOf(episode)).map(({ path }) => path);
    return [...wrong, ...strangersIn(survey, episode).map(textOf)];
  }

  async publish(episode: OutgoingEpisode, { signal }: Call): Promise<void> {
    const { id, draft, files } = episode;
    const what = `${id} can not be published`;
    const args = [draft, id, `${files.length + 1}`, this.#sync ? 'sync' : ''];
    const said = (await this.#run(what, PUBLISH, args, { signal })).toString();
    if (said === 'taken') throw this.#taken(episode);
    if (said !== 'published')
      throw new DestinationError('passing', `${what} in ${shownAs(this.#address)}: its draft is being changed`);
  }

  async discard({ id, draft }: OutgoingEpisode, { signal }: Call): Promise<void> {
    await this.#run(`the draft of ${id} can not be removed`, DISCARD, [draft, this.#sync ? 'sync' : ''], { signal });
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  #run(what: string, script: string, args: readonly string[], running: Running): Promise<Buffer> {
    return this.#connection.run(what, script, [this.#address.root, ...args], running);
  }

  /** Leaves in the draft what has the right content, and what was begun. */
  async #clean(
    episode: OutgoingEpisode,
    survey: Survey,
    { missing, begun }: { missing: readonly EpisodeFile[]; begun: readonly Begun[] },
    { signal }: Call,
  ): Promise<void> {
    const kept = new Set(begun.map(({ from }) => from));
    // what has the wrong content goes, and so comes whole: to look for what of it is right would take longer
    const wrong = missing.map(({ path }) => bytesOf(path)).filter((path) => survey.sizes.has(path));
    const strangers = strangersIn(survey, episode).filter((path) => !kept.has(path));
    await this.#change(episode, REMOVE, [...wrong, ...strangers], { signal });
    const moved = begun.filter(({ from, to }) => from !== to);
    await this.#change(
      episode,
      MOVE,
      moved.flatMap(({ from, to }) => [`./${from}`, `./${to}`]),
      { signal },
    );
  }

  async #change(
    { id, draft }: OutgoingEpisode,
    script: string,
    paths: readonly string[],
    { signal }: Call,
  ): Promise<void> {
    if (paths.length === 0) return;
    await this.#run(`the draft of ${id} can not be cleaned`, script, [draft], { signal, input: listOf(paths) });
  }

  #send(
    episode: OutgoingEpisode,
    files: readonly EpisodeFile[],
    begun: readonly Begun[],
    transfer: Transfer,
  ): Promise<void> {
    const send = () => this.#sendNow(episode, files, begun, transfer);
    return transfer.bytesPerSecond === null ? send() : this.#oneAtATime(send);
  }

  async #sendNow(
    { id, folder, draft }: OutgoingEpisode,
    files: readonly EpisodeFile[],
    begun: readonly Begun[],
    transfer: Transfer,
  ): Promise<void> {
    const to = `${this.#address.root}/${draft}`;
    const ended = await this.#connection.session(transfer.signal, (ssh) =>
      sendFiles({ from: folder, to, files, begun, transfer, ssh, tools: this.#tools }),
    );
    if (ended.code !== 0 && !isOurs(ended)) throw troubleOf(`${id} can not be sent`, this.#address, ended);
  }

  #taken({ id }: OutgoingEpisode): DestinationError {
    return new DestinationError('conflict', `there is another ${id} in ${shownAs(this.#address)}`);
  }
}

/** The marker is small, and too small to start an rsync for. */
async function contentOf(marker: EpisodeFile, transfer: Transfer): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of transfer.read(marker)) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** Whether rsync complains of nothing but files here that it could not read: that they are missing there is told by `verify`. */
function isOurs({ code, stderr }: { code: number | null; stderr: string }): boolean {
  if (code !== 23 && code !== 24) return false;
  const complaints = stderr.split('\n').filter((line) => line !== '' && !/^rsync (error|warning): /.test(line));
  return complaints.length > 0 && complaints.every((line) => /^(rsync: )?\[sender\]|^file has vanished/.test(line));
}
