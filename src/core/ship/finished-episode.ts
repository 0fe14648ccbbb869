import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import type { EpisodeFile, OutgoingEpisode } from '../contract/destination.js';
import { NAMES } from '../episode/episode-folder.js';
import type { Marker } from '../episode/marker.js';
import { entriesBelow } from '../files/files-below.js';
import { lookAt } from '../files/look-at.js';
import { absence } from '../files/open-regular.js';
import { readDocument } from '../files/read-document.js';
import { isSafePath } from '../files/safe-path.js';
import { parseJson } from '../json/exact-json.js';
import type { SchemaRegistry } from '../schemas/schema-registry.js';
import { ChangedEpisode, unreadable } from './trouble.js';

/** Hex digits of a digest that tell drafts apart. */
const DIGITS = 16;

/** A folder with a marker that is one, and exactly the files that it lists; their content is yet to be proved. */
export interface FinishedEpisode {
  readonly id: string;
  readonly folder: string;
  readonly files: readonly EpisodeFile[];
  readonly marker: EpisodeFile;
}

/** Throws ChangedEpisode in words; call it with the folder locked. */
export function readFinished(folder: string, schemas: SchemaRegistry): FinishedEpisode {
  const text = markerText(folder);
  const marker = markerOf(text, schemas);
  if (marker.id !== basename(folder)) throw new ChangedEpisode(`its done.marker is that of ${marker.id}`);
  const files = marker.files.map(({ path, bytes, sha256 }) => ({ path, bytes: Number(bytes), sha256 }));
  requireSame(folder, files);
  const bytes = Buffer.from(text);
  return { id: marker.id, folder, files, marker: { path: NAMES.marker, bytes: bytes.length, sha256: digest(bytes) } };
}

function markerText(folder: string): string {
  try {
    return readDocument(join(folder, NAMES.marker));
  } catch (error) {
    throw unreadable(NAMES.marker, error);
  }
}

function markerOf(text: string, schemas: SchemaRegistry): Marker {
  try {
    if (schemas.document('marker')(JSON.parse(text))) return parseJson(text) as Marker;
  } catch {
    // told alike
  }
  throw new ChangedEpisode('done.marker is not what its schema asks for');
}

/** Every file is in the manifest once with its size, and the folder has no other. */
function requireSame(folder: string, files: readonly EpisodeFile[]): void {
  const listed = new Set<string>([NAMES.marker]);
  for (const { path, bytes } of files) {
    if (!isSafePath(path))
      throw new ChangedEpisode(`done.marker lists ${JSON.stringify(path)}, which leaves the folder`);
    if (listed.has(path)) throw new ChangedEpisode(`done.marker lists ${path} twice`);
    listed.add(path);
    const stat = lookAt(join(folder, path));
    if (stat === null) throw new ChangedEpisode(`${path} ${absence(join(folder, path))}`);
    if (!stat.isFile()) throw new ChangedEpisode(`${path} is no file`);
    if (stat.size !== bytes) throw new ChangedEpisode(`${path} has ${stat.size} bytes; done.marker says ${bytes}`);
  }
  for (const path of entriesBelow(folder))
    if (!listed.has(path)) throw new ChangedEpisode(`${path} is not in done.marker`);
}

/** What its marker says that it has, to show how much there is to do; 0 if that is none. */
export function announcedBytes(folder: string): number {
  try {
    const { files } = JSON.parse(readDocument(join(folder, NAMES.marker))) as { files: { bytes: number }[] };
    const sum = files.reduce((total, { bytes }) => total + bytes, 0);
    return Number.isSafeInteger(sum) ? sum : 0;
  } catch {
    return 0; // told when it is its turn
  }
}

/** As destinations get it. Its draft is named by all of its content: whoever sends the same continues it, nobody else does. */
export function asOutgoing({ id, folder, files, marker }: FinishedEpisode): OutgoingEpisode {
  const content = [...files, marker].map(({ path, sha256 }) => `${sha256} ${path}\n`).join('');
  return { id, folder, files, marker, draft: `.${id}.${digest(content).slice(0, DIGITS)}.partial` };
}

const digest = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');
