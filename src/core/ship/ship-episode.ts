import { createHash } from 'node:crypto';
import type { Destination, OutgoingEpisode } from '../contract/destination.js';
import { DestinationError } from '../contract/destination.js';
import type { Compression } from '../files/compression.js';
import type { SchemaRegistry } from '../schemas/schema-registry.js';
import type { Clock } from '../time/clock.js';
import { removeShipped } from './aside.js';
import { asOutgoing, type FinishedEpisode, readFinished } from './finished-episode.js';
import type { Address, Ledger } from './ledger.js';
import { requireUnchanged, transferOf } from './paced-reading.js';
import type { Pacer } from './pacer.js';
import { withPacked } from './packed-episode.js';
import type { ShippedEpisode } from './ship-report.js';
import { asTrouble } from './trouble.js';

const NS_PER_MS = 1_000_000n;
/** Of paths in a sentence. */
const MAX_NAMED = 3;

/** What an attempt needs beside the episode; the same for all of a run. */
export interface ShipRun {
  readonly destination: Destination;
  readonly address: Address;
  readonly ledger: Ledger;
  readonly pacer: Pacer;
  readonly schemas: SchemaRegistry;
  readonly clock: Clock;
  readonly output: string;
  readonly compression: Compression | null;
  readonly deletesAfter: boolean;
  readonly isDryRun: boolean;
  readonly signal: AbortSignal;
}

export type Outcome = Omit<ShippedEpisode, 'id' | 'path' | 'attempts'>;

/**
 * One attempt at one episode, with its folder locked: looks whether it is there, else sends, verifies, publishes, looks
 * again; then notes it, and removes the local copy if that is wanted. Whatever it is cut off at, another attempt goes on
 * from there. Throws DestinationError, ChangedEpisode, and the system's errors.
 */
export async function shipEpisode(folder: string, run: ShipRun, onSent: (bytes: number) => void): Promise<Outcome> {
  const finished = readFinished(folder, run.schemas);
  const isNoted = run.ledger.has(run.address, finished.id, finished.marker.sha256);
  if (isNoted && !run.deletesAfter) return outcome('noted', null);
  if (run.isDryRun) return tryDry(finished, run);
  return withPacked(finished, run, async (packed) => {
    const episode = asOutgoing(packed);
    const marker = await run.destination.exists(finished.id, run);
    const state = marker === null ? await send(finished, episode, run, onSent) : await meet(episode, marker, run);
    if (!isNoted) await note(episode, run);
    if (run.deletesAfter) await remove(folder, episode, run);
    return {
      ...outcome(isNoted && state === 'already_there' ? 'noted' : state, episode),
      is_removed: run.deletesAfter,
    };
  });
}

const outcome = (state: Outcome['state'], episode: OutgoingEpisode | null, reason: string | null = null): Outcome => ({
  state,
  reason,
  files: episode === null ? null : episode.files.length + 1,
  bytes: episode === null ? null : sizeOf(episode),
  is_removed: false,
});

const sizeOf = ({ files, marker }: OutgoingEpisode): number =>
  files.reduce((sum, { bytes }) => sum + bytes, marker.bytes);

/** Writes nothing, but for a compressed copy where one is there to be compared with. */
async function tryDry(finished: FinishedEpisode, run: ShipRun): Promise<Outcome> {
  const marker = await run.destination.exists(finished.id, run);
  await requireUnchanged(finished.folder, finished.files, run.signal);
  if (marker === null) return outcome('would_ship', run.compression === null ? asOutgoing(finished) : null);
  return withPacked(finished, run, async (packed) => {
    const episode = asOutgoing(packed);
    return outcome(await compare(episode, marker, run), episode);
  });
}

/** The id is taken, perhaps by another run while this one was sending: the draft will never be published. */
async function meet(episode: OutgoingEpisode, marker: Uint8Array, run: ShipRun): Promise<'already_there'> {
  await run.destination.discard(episode, run);
  return compare(episode, marker, run);
}

/** What is there under the id has to be this very episode. Nothing of it is ever changed. */
async function compare(episode: OutgoingEpisode, marker: Uint8Array, run: ShipRun): Promise<'already_there'> {
  const { destination, address } = run;
  requireSameMarker(episode, marker, address);
  const wrong = await destination.verify(episode, 'published', run);
  if (wrong.length === 0) return 'already_there';
  throw new DestinationError(
    'conflict',
    `${address.to} has ${episode.id}, but not with the files of this one: ${named(wrong)}; it was damaged there, or sent with another compression`,
  );
}

function requireSameMarker({ id, marker }: OutgoingEpisode, found: Uint8Array, { to }: Address): void {
  if (createHash('sha256').update(found).digest('hex') === marker.sha256) return;
  throw new DestinationError(
    'conflict',
    `${to} has another ${id}: its done.marker is not the one here, as after a relabelling; nothing there was changed`,
  );
}

async function send(
  finished: FinishedEpisode,
  episode: OutgoingEpisode,
  run: ShipRun,
  onSent: (bytes: number) => void,
): Promise<'shipped' | 'already_there'> {
  const { destination, address } = run;
  try {
    await gather(finished, episode, run, onSent);
    await destination.publish(episode, run);
  } catch (error) {
    const kind = asTrouble(error)?.kind;
    if (kind !== 'conflict' && kind !== 'passing') throw error;
    // another run may have published the very same; where nothing answers any more, that is known already
    const marker = await destination.exists(episode.id, run).catch(() => {
      throw error;
    });
    if (marker !== null) return meet(episode, marker, run);
    if (kind === 'conflict') await destination.discard(episode, run);
    throw error;
  }
  const marker = await destination.exists(episode.id, run);
  if (marker === null)
    throw new DestinationError('passing', `${episode.id} was published at ${address.to}, and is not there`);
  requireSameMarker(episode, marker, address);
  return 'shipped';
}

/** Sends what is missing in the draft, and has it read back. */
async function gather(
  { folder, files }: FinishedEpisode,
  episode: OutgoingEpisode,
  { destination, pacer, signal, address }: ShipRun,
  onSent: (bytes: number) => void,
): Promise<void> {
  await destination.put(episode, transferOf(episode.folder, { pacer, signal, onSent }));
  const wrong = await destination.verify(episode, 'draft', { signal });
  if (wrong.length === 0) return;
  // a program that reads the files itself can't notice that they are not what they were
  await requireUnchanged(folder, files, signal);
  throw new DestinationError('passing', `what arrived at ${address.to} is not what was sent: ${named(wrong)}`);
}

/** Throws `lasting` where the destination turns out to be the folder of the episodes itself. */
async function remove(folder: string, { id, marker }: OutgoingEpisode, { destination, address, signal }: ShipRun) {
  const isRemoved = await removeShipped(folder, async () => {
    const found = await destination.exists(id, { signal });
    return found !== null && createHash('sha256').update(found).digest('hex') === marker.sha256;
  });
  if (isRemoved) return;
  throw new DestinationError('lasting', `${address.to} has no ${id} but the one here: nothing was removed`, {
    hint: 'Is it the folder of the episodes itself, under another name?',
  });
}

function named(paths: readonly string[]): string {
  const more = paths.length > MAX_NAMED ? ` and ${paths.length - MAX_NAMED} more` : '';
  return `${paths.slice(0, MAX_NAMED).join(', ')}${more}`;
}

/** Once: another run may have noted it meanwhile. */
async function note(episode: OutgoingEpisode, { ledger, address, clock, compression }: ShipRun): Promise<void> {
  await ledger.refresh();
  if (ledger.has(address, episode.id, episode.marker.sha256)) return;
  ledger.append({
    id: episode.id,
    ...address,
    marker_sha256: episode.marker.sha256,
    compression,
    files: episode.files.length + 1,
    bytes: sizeOf(episode),
    shipped_realtime_ns: BigInt(clock.wallMs()) * NS_PER_MS,
  });
}
