import { type Dirent, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

/** The paths of all files below a folder, from there. */
export const filesBelow = (folder: string): string[] => pathsBelow(folder, (entry) => entry.isFile());

/** The same of all that is no folder: links, pipes and sockets too. */
export const entriesBelow = (folder: string): string[] => pathsBelow(folder, (entry) => !entry.isDirectory());

function pathsBelow(folder: string, isWanted: (entry: Dirent) => boolean): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(isWanted)
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}
