import { posix } from 'node:path';
import type { EpisodeFile } from '../../index.js';
import { PARTS } from './scripts.js';
import { bytesOf, type Survey } from './survey.js';

/** The part of a file that is there already. */
export interface Begun {
  /** Where it is. */
  readonly from: string;
  /** Where rsync looks for it. */
  readonly to: string;
  readonly bytes: number;
}

/**
 * What is there of files that were being sent when it was cut off: rsync has put it where it looks for it, or, if it was
 * killed or its connection broke, has left it under the name that it wrote to.
 */
export function begunOf({ sizes }: Survey, missing: readonly EpisodeFile[]): Begun[] {
  const largest = new Map<string, { path: string; size: number }>();
  for (const [path, size] of sizes) {
    const of = fileOf(path);
    if (of !== null && size > (largest.get(of)?.size ?? 0)) largest.set(of, { path, size });
  }
  return missing.flatMap(({ path, bytes }) => {
    const found = largest.get(bytesOf(path));
    if (found === undefined) return [];
    return [{ from: found.path, to: bytesOf(partOf(path)), bytes: Math.min(found.size, bytes) }];
  });
}

const partOf = (path: string): string => posix.join(posix.dirname(path), PARTS, posix.basename(path));

/** The file that a path is a part of: "a/.rsync-part/b" and "a/.b.Xy12Zw" are of "a/b". */
function fileOf(path: string): string | null {
  const [folder, name] = [posix.dirname(path), posix.basename(path)];
  if (posix.basename(folder) === PARTS) return posix.join(posix.dirname(folder), name);
  const written = /^\.(.+)\.[A-Za-z0-9]{6}$/s.exec(name)?.[1];
  return written === undefined ? null : posix.join(folder, written);
}
