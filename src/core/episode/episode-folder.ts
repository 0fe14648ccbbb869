import { lstatSync, mkdirSync, renameSync, rmdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { CisError } from '../errors/cis-error.js';
import { errorMessage } from '../errors/describe-error.js';
import { makeFolders } from '../files/make-folders.js';
import { FOLDER_MODE } from '../files/permissions.js';
import { removeTree } from '../files/remove-tree.js';
import { fsyncFolder } from '../files/replace-file.js';
import { clearAbandoned } from '../recorder/clear-abandoned.js';
import { OWNER_MARK, ownerMark } from '../recorder/owner-mark.js';

/** The names of what is in an episode's folder. */
export const NAMES = {
  meta: 'meta.json',
  events: 'events.jsonl',
  labels: 'labels.jsonl',
  telemetry: 'telemetry',
  artifacts: 'artifacts',
  marker: 'done.marker',
  /** Where the marker is while an episode is relabelled. */
  formerMarker: '.former.marker',
  reserve: '.reserve',
} as const;

/** A folder that has no meta.json yet: `.<id>.<owner's mark>`. */
const UNPUBLISHED = new RegExp(`^\\.[0-9A-Z]{26}\\.(${OWNER_MARK})$`);

/** Paths of one episode. */
export class EpisodeFolder {
  readonly path: string;
  /** Folders above it that were made for it, the deepest first. */
  readonly #madeParents: readonly string[];
  /** Where it is as long as it has no meta.json. */
  #unpublished: string | null;

  constructor(path: string, unpublished: string | null = null, madeParents: readonly string[] = []) {
    this.path = path;
    this.#unpublished = unpublished;
    this.#madeParents = madeParents;
  }

  get #root(): string {
    return this.#unpublished ?? this.path;
  }

  get meta(): string {
    return join(this.#root, NAMES.meta);
  }

  get reserve(): string {
    return join(this.#root, NAMES.reserve);
  }

  get events(): string {
    return join(this.path, NAMES.events);
  }

  get labels(): string {
    return join(this.path, NAMES.labels);
  }

  get marker(): string {
    return join(this.path, NAMES.marker);
  }

  get formerMarker(): string {
    return join(this.path, NAMES.formerMarker);
  }

  telemetry(source: string): string {
    return join(this.path, NAMES.telemetry, `${source}.jsonl`);
  }

  /** Path and stem of artifacts. Sources have no "-" in their names, targets and phases always: they never meet. */
  artifact(stem: string): string {
    return join(this.path, NAMES.artifacts, stem);
  }

  /** Removes all of it, and the folders above that were made for it if nothing else is in them: for a start that failed. */
  remove(): void {
    try {
      removeTree(this.#root);
    } finally {
      for (const parent of this.#madeParents) removeIfEmpty(parent);
    }
  }

  /** Gives it its name, now that it has its meta.json: no folder of an episode is ever without. Throws EPISODE_ID_TAKEN or OUTPUT_UNWRITABLE. */
  publish(): void {
    const output = dirname(this.path);
    try {
      renameSync(this.#root, this.path);
      this.#unpublished = null;
      fsyncFolder(output);
    } catch (error) {
      throw exists(this.path) && this.#unpublished !== null ? taken(this.path) : unwritable(output, error);
    }
  }

  /** Itself, and what is in it, the deepest first. */
  get folders(): readonly string[] {
    return [this.artifact(''), join(this.path, NAMES.telemetry), this.path];
  }

  syncFolders(): void {
    for (const folder of this.folders) fsyncFolder(folder);
  }
}

/**
 * Makes the folder of a new episode, and the output folder if need be. It has no name that anybody looks for until it is
 * published. Throws EPISODE_ID_TAKEN or OUTPUT_UNWRITABLE.
 */
export function createEpisodeFolder(output: string, id: string): EpisodeFolder {
  const path = join(output, id);
  const unpublished = join(output, `.${id}.${ownerMark()}`);
  const madeParents: string[] = [];
  const folder = new EpisodeFolder(path, unpublished, madeParents);
  try {
    makeFolders(output, { made: madeParents });
    if (exists(path)) throw taken(path);
    clearAbandoned(output, UNPUBLISHED);
    for (const name of ['', NAMES.telemetry, NAMES.artifacts])
      mkdirSync(join(unpublished, name), { mode: FOLDER_MODE });
    return folder;
  } catch (error) {
    removeQuietly(folder);
    throw error instanceof CisError ? error : unwritable(output, error);
  }
}

function taken(path: string): CisError {
  return new CisError('EPISODE_ID_TAKEN', `there is an episode ${basename(path)} in ${dirname(path)} already`);
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // another episode is in it, and so in those above
  }
}

/** What keeps it from being removed is what kept it from being made: that is told. */
function removeQuietly(folder: EpisodeFolder): void {
  try {
    folder.remove();
  } catch {
    // see above
  }
}

export function unwritable(output: string, error: unknown): CisError {
  return new CisError('OUTPUT_UNWRITABLE', `the output folder ${output} can not be written: ${errorMessage(error)}`, {
    cause: error,
  });
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
