import { type Dirent, lstatSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { CollectorFigures } from './collector-figures.js';
import { NAMES } from './episode-folder.js';

const FOLDERS: readonly string[] = [NAMES.telemetry, NAMES.artifacts];

/** What the recorder wrote itself, in bytes. */
export interface WrittenLogs {
  readonly events: number;
  readonly labels: number;
  readonly collectors: readonly Pick<CollectorFigures, 'source' | 'state' | 'bytes'>[];
}

/**
 * What stands in an episode's folder and is not the recorder's own, a sentence each: a command may run as the recorder's
 * user, and write there. In artifacts/ any regular file is accepted.
 */
export function foreignContent(root: string, { events, labels, collectors }: WrittenLogs): string[] {
  const written = new Map<string, number | null>([
    [NAMES.events, events],
    [NAMES.labels, labels],
    // of a thread that was ended in the midst of a write it is not known for certain
    ...collectors.map(
      ({ source, state, bytes }) => [`${NAMES.telemetry}/${source}.jsonl`, state === 'ok' ? bytes : null] as const,
    ),
  ]);
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .map((entry) => ({ entry, path: relative(root, join(entry.parentPath, entry.name)) }))
    .flatMap(({ entry, path }) => complaint(root, path, entry, written) ?? [])
    .sort();
}

function complaint(
  root: string,
  path: string,
  entry: Dirent,
  written: ReadonlyMap<string, number | null>,
): string | null {
  const isForeign = `${path} is none of the recorder's`;
  if (entry.isDirectory()) return FOLDERS.includes(path) ? null : isForeign;
  if (!entry.isFile()) return `${isForeign}, and no regular file`;
  if (path.startsWith(`${NAMES.artifacts}/`) || path === NAMES.meta) return null;
  const bytes = written.get(path);
  if (bytes === undefined) return isForeign;
  const { size } = lstatSync(join(root, path));
  if (bytes === null || size === bytes) return null;
  return `${path} has ${size} bytes, of which the recorder wrote ${bytes}: somebody else wrote into it`;
}
