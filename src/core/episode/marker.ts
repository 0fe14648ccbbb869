import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { replaceFile } from '../files/replace-file.js';
import { printJson } from '../json/exact-json.js';
import { type EpisodeFolder, NAMES } from './episode-folder.js';
import type { Grade, Verdict } from './grade.js';
import { syncAndHash } from './hash-file.js';
import { type EndReason, SCHEMA_VERSION, type Status } from './meta.js';

export interface MarkerFile {
  /** From the episode's folder, with "/". */
  readonly path: string;
  readonly bytes: number;
  /** Lines of a .jsonl file; null for any other. */
  readonly rows: number | null;
  readonly sha256: string;
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
  /** Digests of former markers, oldest first, each with why it was replaced. */
  readonly history: readonly unknown[];
}

export interface MarkerInput {
  readonly id: string;
  readonly status: Marker['status'];
  readonly endReason: EndReason;
  readonly verdict: Verdict;
}

/** Flushes and hashes every file of the episode, then writes the marker, last of all. */
export function writeMarker(folder: EpisodeFolder, { id, status, endReason, verdict }: MarkerInput): Marker {
  const files = listFiles(folder.path).map((path): MarkerFile => {
    const { bytes, lines, sha256 } = syncAndHash(join(folder.path, path));
    return {
      path,
      bytes,
      rows: path.endsWith('.jsonl') && !path.startsWith(`${NAMES.artifacts}/`) ? lines : null,
      sha256,
    };
  });
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
  replaceFile(folder.marker, printJson(marker));
  return marker;
}

/** Every regular file below the folder but the marker, sorted, from the folder. */
function listFiles(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((path) => path !== NAMES.marker)
    .sort();
}
