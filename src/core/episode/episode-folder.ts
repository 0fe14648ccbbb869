import { lstatSync, mkdirSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CisError } from '../errors/cis-error.js';
import { errorCode, errorMessage } from '../errors/describe-error.js';
import { FOLDER_MODE } from '../files/permissions.js';
import { fsyncFolder } from '../files/replace-file.js';

/** The names of what is in an episode's folder. */
export const NAMES = {
  meta: 'meta.json',
  events: 'events.jsonl',
  labels: 'labels.jsonl',
  telemetry: 'telemetry',
  artifacts: 'artifacts',
  marker: 'done.marker',
  reserve: '.reserve',
} as const;

/** Paths of one episode. */
export class EpisodeFolder {
  readonly path: string;
  /** Folders above it that were made for it, the deepest first. */
  madeParents: readonly string[] = [];
  readonly meta: string;
  readonly events: string;
  readonly labels: string;
  readonly marker: string;
  readonly reserve: string;

  constructor(path: string) {
    this.path = path;
    this.meta = join(path, NAMES.meta);
    this.events = join(path, NAMES.events);
    this.labels = join(path, NAMES.labels);
    this.marker = join(path, NAMES.marker);
    this.reserve = join(path, NAMES.reserve);
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
    rmSync(this.path, { recursive: true, force: true });
    for (const parent of this.madeParents) {
      try {
        rmdirSync(parent);
      } catch {
        return; // another episode is in it
      }
    }
  }

  syncFolders(): void {
    for (const folder of [this.artifact(''), join(this.path, NAMES.telemetry), this.path]) fsyncFolder(folder);
  }
}

/** Makes the folder of a new episode, and the output folder if need be. Throws EPISODE_ID_TAKEN or OUTPUT_UNWRITABLE. */
export function createEpisodeFolder(output: string, id: string): EpisodeFolder {
  const folder = new EpisodeFolder(join(output, id));
  try {
    folder.madeParents = makeFolders(output);
    mkdirSync(folder.path, { mode: FOLDER_MODE });
  } catch (error) {
    if (errorCode(error) === 'EEXIST' && exists(folder.path)) {
      throw new CisError('EPISODE_ID_TAKEN', `there is an episode ${id} in ${output} already`, { cause: error });
    }
    throw unwritable(output, error);
  }
  try {
    for (const name of [NAMES.telemetry, NAMES.artifacts]) mkdirSync(join(folder.path, name), { mode: FOLDER_MODE });
  } catch (error) {
    folder.remove();
    throw unwritable(output, error);
  }
  return folder;
}

/** Not `recursive: true`: that tries for ever where a folder can't be made although its parent is there, as in /proc. */
function makeFolders(path: string): string[] {
  if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) return [];
  const made = makeFolders(dirname(path));
  try {
    mkdirSync(path, { mode: FOLDER_MODE });
    return [path, ...made];
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error; // another recorder made it in between
    return made;
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
