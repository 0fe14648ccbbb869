import type { API_VERSION } from './collector.js';
import type { OptionsOf, OptionsSchema } from './options.js';

/**
 * The contract between `ship` and a destination plugin.
 *
 * A destination is where finished episodes go. A folder there named like an episode's id, with a done.marker in it, MUST
 * mean the same as here: whole, and what the marker says. So an episode is gathered in a draft that no reader takes for
 * an episode, verified by hash, and then published under its id. These hold for every destination:
 *
 * - Its module MUST be free of side effects at import, and MUST load a heavy client in `open`, not before.
 * - What is there under an id MUST never be changed, removed or added to: whoever finds it taken throws `conflict`.
 * - Each call MUST be repeatable: a run may be killed at any moment and the next one goes on from what it finds.
 * - Any two calls for different episodes may run at the same time, and two runs may send one episode at once.
 * - What the other side refuses or loses is thrown as DestinationError; what `transfer.read` throws passes through as it is.
 * - All calls MUST end soon after their signal aborts, and leave no process, connection or timer behind.
 */

/** A file of a finished episode, as it goes over. */
export interface EpisodeFile {
  /** From the episode's folder, with "/"; never leaves it. */
  readonly path: string;
  readonly bytes: number;
  /** Of the content, in hex. */
  readonly sha256: string;
}

export interface OutgoingEpisode {
  /** A ULID: the name that it has at the destination. */
  readonly id: string;
  /** Where its files are read from, an absolute path whose last step is the id. */
  readonly folder: string;
  /** All but the marker. */
  readonly files: readonly EpisodeFile[];
  /** done.marker, which has to come last. */
  readonly marker: EpisodeFile;
  /** A name for the draft, beside the published ones: ".<id>.<digest of all of it>.partial". The same name has the same content. */
  readonly draft: string;
}

/** Where files of an episode are looked for: under its draft's name, or under its id. */
export type Place = 'draft' | 'published';

export interface Call {
  /** Aborts when the run is given up. */
  readonly signal: AbortSignal;
}

/** How content leaves this machine. */
export interface Transfer extends Call {
  /**
   * The content of a file of the episode, at the pace that the bandwidth limit leaves; counts as sent as it is taken.
   * A chunk holds until the next one is asked for: whoever keeps it for longer copies it. Throws at the end if the content
   * is not what the manifest says: then nothing may be published of it.
   */
  read(file: EpisodeFile): AsyncIterable<Uint8Array>;
  /** For a program that reads the files itself: the bandwidth limit, shared by all calls, or null; */
  readonly bytesPerSecond: number | null;
  /** and how many more bytes it has sent. */
  sent(bytes: number): void;
}

/** An open destination. */
export interface Destination {
  /** What tells this place from others where URL and options do not, as a server that the environment names. No secret. */
  readonly address?: string;
  /** The bytes of the published done.marker of this id; null if there is none. */
  exists(id: string, call: Call): Promise<Uint8Array | null>;
  /**
   * Gathers the files, and where a draft is possible the marker, in the draft. What is there with the right content by hash
   * is not sent again; what does not belong to it is removed. May throw `conflict`, before anything is sent.
   */
  put(episode: OutgoingEpisode, transfer: Transfer): Promise<void>;
  /** The paths, the marker among them, that are not there with the right content by hash, or that do not belong there. */
  verify(episode: OutgoingEpisode, place: Place, call: Call): Promise<readonly string[]>;
  /** Makes the draft the episode, its marker last. Throws `conflict` if the id is taken. */
  publish(episode: OutgoingEpisode, call: Call): Promise<void>;
  /**
   * Removes the draft, if there is one, and all that was made for it. It is called where the id is found taken before the
   * episode is noted: another run may have published it while this one was at work in the draft. What is under the id stays
   * as it is, and with `isOnlyCopy` MUST survive a power failure afterwards.
   */
  discard(episode: OutgoingEpisode, call: Call): Promise<void>;
  /** Idempotent, never throws. */
  close(): Promise<void>;
}

/**
 * - `passing`: may be otherwise in a moment (a broken connection, a busy server): it is tried again, with growing pauses.
 * - `lasting`: will not pass by itself (denied, no such bucket, unknown host key, disk full): the run stops at once.
 * - `refused`: this episode can't go there, and others can (a file that is too large, a name that is too long).
 * - `conflict`: the id is taken at the destination.
 */
export type TroubleKind = 'passing' | 'lasting' | 'refused' | 'conflict';

/** What a destination throws. The message is a sentence that names the offending value; it never holds a secret. */
export class DestinationError extends Error {
  override readonly name = 'DestinationError';
  readonly kind: TroubleKind;
  /** What to do next, if there is something. */
  readonly hint: string | undefined;

  constructor(kind: TroubleKind, message: string, options: { cause?: unknown; hint?: string } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.hint = options.hint;
  }
}

export interface OpenDestination<O extends OptionsSchema = OptionsSchema> {
  /** As it was given with --to: a URL, or a path where the destination has the scheme "file". */
  readonly to: string;
  readonly options: OptionsOf<O>;
  /** Where credentials come from: never from `to` or the options. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Relative paths start here. */
  readonly baseDir: string;
  /** Whether the copy here is removed afterwards: what `publish` has done MUST survive a power failure then. */
  readonly isOnlyCopy: boolean;
}

export interface DestinationDefinition<O extends OptionsSchema = OptionsSchema> {
  readonly apiVersion: typeof API_VERSION;
  /** In snake_case. */
  readonly name: string;
  readonly version: string;
  /** One line: what it is. */
  readonly summary: string;
  /** Validated and filled with defaults before `open`. */
  readonly options: O;
  /**
   * Checks what can be checked without the other side: throws DestinationError (`lasting`) for a URL that it can't use.
   * Need not connect: the first call does.
   */
  open(request: OpenDestination<O>): Promise<Destination>;
}

/** Returns its argument. It exists for its types: a wrong option is a compile error. */
export function defineDestination<const O extends OptionsSchema>(
  definition: DestinationDefinition<O>,
): DestinationDefinition<O> {
  return definition;
}
