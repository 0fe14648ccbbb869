import { lstatSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { errorCode } from '../errors/describe-error.js';
import { FOLDER_MODE } from './permissions.js';
import { fsyncFolder } from './replace-file.js';

interface MakeFoldersOptions {
  readonly mode?: number;
  /** Takes what is made, the deepest first. */
  readonly made?: string[];
}

/**
 * Makes a folder and those that it lies in. Not `recursive: true`: that tries for ever where a folder can't be made
 * although its parent is there, as in /proc. Throws the system's error.
 */
export function makeFolders(path: string, { mode = FOLDER_MODE, made = [] }: MakeFoldersOptions = {}): void {
  if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) return;
  const parent = dirname(resolve(path));
  makeFolders(parent, { mode, made });
  try {
    mkdirSync(path, { mode });
    made.unshift(path);
    fsyncFolder(parent);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error; // another process made it in between
  }
}
