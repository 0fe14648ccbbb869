import { lstatSync, mkdirSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { NAMES } from '../episode/episode-folder.js';
import { CisError } from '../errors/cis-error.js';
import { FOLDER_MODE } from '../files/permissions.js';
import { unlinkIfThere } from '../files/replace-file.js';

/** What a recorder or a recovery that was killed may have left half-written. */
const HALF_WRITTEN =
  /^(?:meta\.json|events\.jsonl|labels\.jsonl|done\.marker|\.former\.marker|telemetry\/[a-z0-9_]+\.jsonl)\.tmp$/;
const FOLDERS: ReadonlySet<string> = new Set([NAMES.telemetry, NAMES.artifacts]);
const FILES: ReadonlySet<string> = new Set([NAMES.meta, NAMES.events, NAMES.labels]);

/**
 * Nothing in the folder may be what no recorder leaves: a link or a FIFO could lead anywhere, and the manifest would have
 * to list it. Throws EPISODE_DAMAGED with the first such thing.
 */
export function requirePlain(folder: string, sources: ReadonlySet<string>): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = relative(folder, join(entry.parentPath, entry.name));
    const problem = oddity(path, entry.isFile(), entry.isDirectory(), sources);
    if (problem !== null) throw new CisError('EPISODE_DAMAGED', `${join(folder, path)} ${problem}`);
  }
}

function oddity(path: string, isFile: boolean, isFolder: boolean, sources: ReadonlySet<string>): string | null {
  if (!isFile && !isFolder) return 'is no regular file';
  if (isFolder && FILES.has(path)) return 'is a folder, and ought to be a file';
  if (isFile && FOLDERS.has(path)) return 'is a file, and ought to be a folder';
  if (!path.startsWith(`${NAMES.telemetry}/`) || HALF_WRITTEN.test(path)) return null;
  const source = /^telemetry\/([^/]+)\.jsonl$/.exec(path)?.[1];
  return isFile && source !== undefined && sources.has(source) ? null : 'belongs to no collector of meta.json';
}

/** Makes the folders that have to be there, and removes what was half-written, of what `requirePlain` has passed. */
export function tidy(folder: string): void {
  for (const name of FOLDERS) {
    const path = join(folder, name);
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) mkdirSync(path, { mode: FOLDER_MODE });
  }
  unlinkIfThere(join(folder, NAMES.reserve));
  for (const within of ['', NAMES.telemetry])
    for (const name of readdirSync(join(folder, within)))
      if (HALF_WRITTEN.test(join(within, name))) unlinkIfThere(join(folder, within, name));
}
