import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import pLimit from 'p-limit';
import { NAMES } from '../episode/episode-folder.js';
import { CisError } from '../errors/cis-error.js';
import { errorMessage } from '../errors/describe-error.js';
import { whileLocked } from '../files/folder-lock.js';
import { announcedBytes } from './finished-episode.js';
import { episodesIn, markerStamp, watchMarkers } from './marker-watch.js';
import { type Outcome, type ShipRun, shipEpisode } from './ship-episode.js';
import type { ShipObserver, ShippedEpisode, ShipState } from './ship-report.js';
import { asTrouble, ChangedEpisode, isDiskFull, oneSentence } from './trouble.js';
import { withRetries } from './with-retries.js';

/** So many episodes in a row that were given up, none between them that arrived: the others would fare no better. */
const GIVEN_UP_IN_A_ROW = 3;
/** How long attempts may go on when the run was ended: a plugin may not heed the signal. */
const PATIENCE_MS = 20_000;

export interface ShipWorkOptions {
  readonly run: ShipRun;
  /** Ends the run. */
  readonly stop: AbortController;
  readonly observer: ShipObserver;
  readonly concurrency: number;
  readonly retries: number;
  readonly isWatching: boolean;
}

/** The episodes of one run: several at once, each tried until it is there, or can't be. */
export class ShipWork {
  readonly #o: ShipWorkOptions;
  readonly #limit: ReturnType<typeof pLimit>;
  /** Of those that were queued and have not ended. */
  readonly #open = new Map<string, Promise<unknown>>();
  /** What became of each, by its folder. */
  readonly #ended = new Map<string, ShippedEpisode>();
  #sentBytes = 0;
  #givenUp = 0;
  #stopped: string | null = null;
  #hint: string | null = null;

  constructor(options: ShipWorkOptions) {
    this.#o = options;
    this.#limit = pLimit(options.concurrency);
  }

  /** What stands there already, as it is to be told. */
  note(episode: ShippedEpisode): void {
    this.#ended.set(episode.path, episode);
    this.#o.observer.onDone?.(episode);
  }

  async all(folders: readonly string[]): Promise<void> {
    for (const folder of folders) void this.#queue(folder);
    await this.#settled();
  }

  /** Each marker once; those that were not shipped although nothing is wrong with them again with each look. */
  async watch(output: string): Promise<void> {
    const { signal } = this.#o.run;
    const known = new Map<string, string>();
    const take = () => {
      for (const [folder, stamp] of episodesIn(output).finished) {
        if (known.get(folder) === stamp || this.#open.has(folder) || signal.aborted) continue;
        known.set(folder, stamp);
        void this.#queue(folder).then((state) => {
          if (state === null || state === 'failed' || state === 'unfinished') known.delete(folder);
        });
      }
    };
    const look = () => {
      try {
        take();
      } catch (error) {
        this.#end(`${output} can not be looked through: ${errorMessage(error)}`, null);
      }
    };
    const end = await watchMarkers(resolve(output), look);
    look();
    await aborted(signal);
    await end();
    await this.#settled();
  }

  /** Until all have ended: attempts have the signal, and may have something to put in order. */
  async #settled(): Promise<void> {
    const all = Promise.all(this.#open.values());
    let timer: NodeJS.Timeout | undefined;
    const patience = aborted(this.#o.run.signal).then(
      () => new Promise((resolve) => (timer = setTimeout(resolve, PATIENCE_MS))),
    );
    await Promise.race([all, patience]);
    clearTimeout(timer);
  }

  /** Returns what became of it; null where the run ended before it did. */
  #queue(folder: string): Promise<ShipState | null> {
    const { observer } = this.#o;
    if (observer.onQueued !== undefined) observer.onQueued(basename(folder), announcedBytes(folder));
    const queued = this.#limit(() => this.#inTurn(folder));
    this.#open.set(folder, queued);
    return queued;
  }

  async #inTurn(folder: string): Promise<ShipState | null> {
    const { run } = this.#o;
    const episode = run.signal.aborted ? null : await this.#ship(folder);
    if (episode === null) return null; // it stays among the open ones
    this.#open.delete(folder);
    this.note(episode);
    return episode.state;
  }

  async #ship(path: string): Promise<ShippedEpisode | null> {
    const id = basename(path);
    const { observer, retries, run } = this.#o;
    let attempts = 0;
    const attempt = () => {
      attempts++;
      return this.#attempt(path, id);
    };
    const onRetry = (error: unknown) => observer.onTrouble?.(id, oneSentence(error));
    try {
      const outcome = await withRetries(attempt, { retries, signal: run.signal, isPassing, onRetry });
      this.#givenUp = 0;
      return { id, path, ...outcome, attempts };
    } catch (error) {
      if (run.signal.aborted && asTrouble(error)?.kind !== 'lasting') return null;
      return { id, path, ...this.#failure(error), attempts };
    }
  }

  /** A marker that is aside for a relabelling is looked for with the lock: that is waited for. */
  async #attempt(path: string, id: string): Promise<Outcome> {
    const { observer, run } = this.#o;
    if (markerStamp(path) === null && !existsSync(`${path}/${NAMES.formerMarker}`)) return this.#unfinished(path, id);
    const onSent = (bytes: number) => {
      this.#sentBytes += bytes;
      observer.onSent?.(id, bytes);
    };
    try {
      return await whileLocked(path, () =>
        markerStamp(path) === null ? this.#unfinished(path, id) : shipEpisode(path, run, onSent),
      );
    } catch (error) {
      if (existsSync(path)) throw error;
      return this.#unfinished(path, id);
    }
  }

  async #unfinished(path: string, id: string): Promise<Outcome> {
    if (existsSync(path)) return nothing('unfinished', 'it has no done.marker');
    const { ledger, address } = this.#o.run;
    await ledger.refresh();
    if (ledger.has(address, id)) return nothing('noted', REMOVED);
    return nothing('unfinished', 'it is gone');
  }

  #failure(error: unknown): Outcome {
    if (error instanceof ChangedEpisode) return nothing('changed', oneSentence(error));
    const { kind, hint = null } = asTrouble(error) ?? {};
    if (kind === 'conflict') return nothing('conflict', oneSentence(error));
    if (kind === 'lasting' || isDiskFull(error)) this.#end(oneSentence(error), hint);
    else if (kind === 'passing' && ++this.#givenUp >= GIVEN_UP_IN_A_ROW && !this.#o.isWatching)
      this.#end(`${this.#givenUp} episodes in a row could not be sent: ${oneSentence(error)}`, hint);
    return nothing('failed', oneSentence(error));
  }

  #end(why: string, hint: string | null): void {
    this.#stopped ??= why;
    this.#hint ??= hint;
    this.#o.stop.abort(new Error(why));
  }

  /** The part of the report that it knows. */
  get figures() {
    return {
      episodes: [...this.#ended.values()].sort((a, b) => (a.path < b.path ? -1 : 1)),
      untried: [...this.#open.keys()].filter((folder) => !this.#ended.has(folder)).length,
      sent_bytes: this.#sentBytes,
      stopped: this.#stopped,
      hint: this.#hint,
    };
  }
}

export const REMOVED = 'it was shipped, and removed here';

export const nothing = (state: Outcome['state'], reason: string): Outcome => ({
  state,
  reason,
  files: null,
  bytes: null,
  is_removed: false,
});

/** Whoever works on it here ends some time, too. */
const isPassing = (error: unknown): boolean =>
  asTrouble(error)?.kind === 'passing' || (error instanceof CisError && error.code === 'EPISODE_BUSY');

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
