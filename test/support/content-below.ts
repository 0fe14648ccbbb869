import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow } from '../../src/core/files/files-below.js';

/** Each file below a folder by its path from there. */
export const contentBelow = (root: string): Map<string, Buffer> =>
  new Map(filesBelow(root).map((path) => [path, readFileSync(join(root, path))]));
