import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { replaceFile, unlinkIfThere } from '../files/replace-file.js';
import { type HashedFile, syncAndHash, synced } from '../files/sync-and-hash.js';
import type { Grade, Verdict } from '../grade/verdict.js';
import { printJson } from '../json/exact-json.js';
import { type EpisodeFolder, NAMES } from './episode-folder.js';
import { type EndReason, SCHEMA_VERSION, type Status } from './meta.js';

export interface MarkerFile {
  /** From the episode's folder, with "/". */
  readonly path: string;
  readonly bytes: number;
  /** Lines of a .jsonl file; null for any other. */
  readonly rows: number | null;
  readonly sha256: string;
}

/** What a marker was before a relabelling. */
export interface Former {
  /** When it was replaced, since the Unix epoch. */
  readonly at_realtime_ns: bigint;
  readonly by: string;
  readonly why: string;
  /** Of the marker that was replaced. */
  readonly marker_sha256: string;
  /** What it said of the files that were changed. */
  readonly files: readonly MarkerFile[];
}

/** done.marker: manifest and verdict. A directory may be trusted if and only if it has one. */
export interface Marker {
  readonly schema_version: number;
  readonly id: string;
  readonly status: Exclude<Status, 'running'>;
  readonly end_reason: EndReason;
  readonly grade: Grade;
  readonly reasons: readonly string[];
  readonly files: readonly MarkerFile[];
  /** Former markers, oldest first. */
  readonly history: readonly Former[];
}

export interface MarkerInput {
  readonly id: string;
  readonly status: Marker['status'];
  readonly endReason: EndReason;
  readonly verdict: Verdict;
}

/**
 * Flushes and hashes every file of the episode, then writes the marker, last of all. `known`: what was hashed already,
 * and did not change since.
 */
export function writeMarker(
  folder: EpisodeFolder,
  { id, status, endReason, verdict }: MarkerInput,
  known: ReadonlyMap<string, HashedFile> = new Map(),
): Marker {
  const files = listFiles(folder.path).map((path) => manifestEntry(folder.path, path, known.get(path)));
  folder.syncFolders();
  const { grade, reasons } = verdict;
  const marker: Marker = {
    schema_version: SCHEMA_VERSION,
    id,
    status,
    end_reason: endReason,
    grade,
    reasons,
    files,
    history: [],
  };
  placeMarker(folder.marker, printJson(marker));
  return marker;
}

/** All or nothing: one that stands although its folder could not be flushed would be trusted, and gone after a power cut. */
function placeMarker(path: string, content: string): void {
  try {
    replaceFile(path, content);
  } catch (error) {
    unlinkIfThere(path);
    throw error;
  }
}

/** Flushes a file, and hashes it unless that was done. */
export function manifestEntry(root: string, path: string, known?: HashedFile): MarkerFile {
  const { bytes, lines, sha256 } =
    known === undefined ? syncAndHash(join(root, path)) : synced(join(root, path), known);
  const isLog = path.endsWith('.jsonl') && !path.startsWith(`${NAMES.artifacts}/`);
  return { path, bytes, rows: isLog ? lines : null, sha256 };
}

/** Every regular file below the folder but the marker, sorted, from the folder. */
function listFiles(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((path) => path !== NAMES.marker)
    .sort();
}
