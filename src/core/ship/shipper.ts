import { setMaxListeners } from 'node:events';
import { accessSync, constants, existsSync, lstatSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DestinationCatalog, schemeOf } from '../catalog/destination-catalog.js';
import { findFolders } from '../dataset/select/find-folders.js';
import { inject, injectable } from '../di/container.js';
import { CLOCK } from '../di/tokens.js';
import { isEpisodeId } from '../episode/episode-id.js';
import { CisError } from '../errors/cis-error.js';
import { errorMessage } from '../errors/describe-error.js';
import { makeFolders } from '../files/make-folders.js';
import { SchemaRegistry } from '../schemas/schema-registry.js';
import type { Clock } from '../time/clock.js';
import { settleAside } from './aside.js';
import { Ledger } from './ledger.js';
import { episodesIn } from './marker-watch.js';
import { addressOf, loadDestination, openDestination } from './open-destination.js';
import { Pacer } from './pacer.js';
import type { ShipRun } from './ship-episode.js';
import type { ShipOptions } from './ship-options.js';
import type { ShipObserver, ShipReport } from './ship-report.js';
import { nothing, REMOVED, ShipWork } from './ship-work.js';

export interface ShipRequest {
  /** Ids, folders of one or many episodes, globs; empty for all of `output`. */
  readonly args: readonly string[];
  /** The folder of episodes, where shipped.jsonl is. */
  readonly output: string;
  readonly cwd: string;
  /** A relative destination, and what its options name, start here. */
  readonly baseDir: string;
  /** Those of the configuration, and where their names start. */
  readonly plugins: readonly string[];
  readonly pluginsDir: string;
  readonly options: ShipOptions;
  readonly isDryRun: boolean;
  /** Goes on with what becomes finished, until the signal. */
  readonly isWatching: boolean;
  readonly signal: AbortSignal;
  readonly observer: ShipObserver;
}

/** Sends finished episodes to a destination. */
@injectable()
export class Shipper {
  readonly #schemas: SchemaRegistry;
  readonly #destinations: DestinationCatalog;
  readonly #clock: Clock;

  constructor(
    @inject(SchemaRegistry) schemas: SchemaRegistry,
    @inject(DestinationCatalog) destinations: DestinationCatalog,
    @inject(CLOCK) clock: Clock,
  ) {
    this.#schemas = schemas;
    this.#destinations = destinations;
    this.#clock = clock;
  }

  /** Whether there is such a destination that takes these options; connects to nothing. Throws DESTINATION_*, PLUGIN_*. */
  async check({ to, destination: options }: ShipOptions, plugins: readonly string[], pluginsDir: string) {
    const ref = this.#destinations.find(to, plugins, pluginsDir);
    await loadDestination({ ref, options, schemas: this.#schemas });
  }

  /** Throws DESTINATION_*, PLUGIN_*, EPISODE_NOT_FOUND, OUTPUT_UNWRITABLE. What becomes of each episode is in the report. */
  async ship(request: ShipRequest): Promise<ShipReport> {
    const { options, baseDir, plugins, pluginsDir, output, args, isDryRun, isWatching, observer } = request;
    const ref = this.#destinations.find(options.to, plugins, pluginsDir);
    if (args.length === 0) requireSource(request);
    if (!isDryRun) await prepare(request);
    const { bytesPerSecond, compression, deletesAfter, concurrency, retries } = options;
    const given = addressOf(options.to, options.destination, baseDir);
    const destination = await openDestination({
      ...{ ref, ...given, baseDir, isOnlyCopy: deletesAfter, schemas: this.#schemas },
    });
    try {
      const address = { ...given, address: destination.address ?? null };
      const ledger = new Ledger(output, this.#schemas.document('shipped'));
      await ledger.refresh();
      const stop = new AbortController();
      const signal = AbortSignal.any([request.signal, stop.signal]);
      setMaxListeners(0, signal); // each call of each episode listens
      const run: ShipRun = {
        ...{ destination, address, ledger, output, compression, deletesAfter, isDryRun, signal },
        ...{ schemas: this.#schemas, clock: this.#clock, pacer: new Pacer(bytesPerSecond) },
      };
      const work = new ShipWork({ run, stop, observer, concurrency, retries, isWatching });
      if (isWatching) await work.watch(output);
      else await work.all(args.length === 0 ? [...episodesIn(output).finished.keys()] : chosen(request, run, work));
      const unfinished = episodesIn(output).unfinished;
      return { to: given.to, is_dry_run: isDryRun, compression, unfinished, ...work.figures };
    } finally {
      await destination.close();
    }
  }
}

/** The folders that arguments stand for. An id that was shipped and removed is told as that. Throws EPISODE_NOT_FOUND. */
function chosen({ args, output, cwd }: ShipRequest, { ledger, address }: ShipRun, work: ShipWork): string[] {
  const folders = args.flatMap((arg) => {
    try {
      return findFolders([arg], { output, cwd });
    } catch (error) {
      if (isEpisodeId(arg) && ledger.has(address, arg)) {
        work.note({ id: arg, path: join(output, arg), attempts: 1, ...nothing('noted', REMOVED) });
        return [];
      }
      // a folder of episodes that has none (any more)
      if (!isEpisodeId(arg) && lstatSync(resolve(cwd, arg), { throwIfNoEntry: false })?.isDirectory()) return [];
      throw error;
    }
  });
  return [...new Set(folders)];
}

/** All of a folder that is not there is a slip of the pen; a service may be there before its first episode. */
function requireSource({ output, isWatching, options: { to }, baseDir }: ShipRequest): void {
  if (!isWatching && !existsSync(output))
    throw new CisError('EPISODE_NOT_FOUND', `there is no folder of episodes ${output}`, {
      hint: 'Name it with --output, or name the episodes.',
    });
  if (schemeOf(to) === 'file' && isSame(addressOf(to, {}, baseDir).to, output))
    throw new CisError('DESTINATION_UNUSABLE', `${to} is the folder of the episodes itself`);
}

function isSame(path: string, other: string): boolean {
  const [a, b] = [path, other].map((each) => statSync(each, { throwIfNoEntry: false, bigint: true }));
  return a !== undefined && b !== undefined && a.dev === b.dev && a.ino === b.ino;
}

/** Makes the folder of episodes, and ends what runs that were killed have begun. Throws OUTPUT_UNWRITABLE. */
async function prepare({ output, args, cwd }: ShipRequest): Promise<void> {
  try {
    makeFolders(output);
    accessSync(output, constants.W_OK | constants.X_OK); // shipped.jsonl will be there
    const places = args.filter((arg) => !isEpisodeId(arg)).map((arg) => resolve(cwd, arg));
    for (const parent of new Set([output, ...places, ...places.map((place) => dirname(place))]))
      await settleAside(parent);
  } catch (error) {
    throw new CisError('OUTPUT_UNWRITABLE', `${output} can not be written to: ${errorMessage(error)}`, {
      cause: error,
    });
  }
}
