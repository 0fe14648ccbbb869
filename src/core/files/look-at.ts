import { lstatSync, type Stats } from 'node:fs';
import { errorCode } from '../errors/describe-error.js';

const NOTHING_THERE = new Set(['ENOTDIR', 'ELOOP', 'ENAMETOOLONG']);

/** What is at a path, no link followed at its end; null where there is nothing, also where a step to it is no folder. Throws the system's error. */
export function lookAt(path: string): Stats | null {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) ?? null;
  } catch (error) {
    if (NOTHING_THERE.has(errorCode(error))) return null;
    throw error;
  }
}
