import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { removeTree } from '../files/remove-tree.js';
import { isAbandoned } from './owner-mark.js';

/**
 * Removes the folders in `parent` that recorders which were killed have left: those whose name has their mark as the
 * pattern's first group. Those of other boots, machines and containers can't be judged, and stay.
 */
export function clearAbandoned(parent: string, pattern: RegExp): void {
  for (const name of listed(parent)) {
    const mark = pattern.exec(name)?.[1];
    if (mark === undefined || !isAbandoned(mark)) continue;
    try {
      removeTree(join(parent, name));
    } catch {
      // another user's, or no folder at all
    }
  }
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
