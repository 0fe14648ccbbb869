import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { CisError } from '../errors/cis-error.js';
import { errorCode, errorMessage } from '../errors/describe-error.js';
import { findConfig, readFound } from './find-config.js';
import { parseConfig } from './parse-config.js';

export interface LoadedConfig {
  /** What the file says, unchecked. */
  readonly raw: unknown;
  /** The file, or null where none was found. */
  readonly path: string | null;
  /** Relative paths of the configuration start here. */
  readonly baseDir: string;
}

/**
 * The file given, or else the nearest one from `cwd` up to the project's package.json. Throws CONFIG_UNREADABLE, and
 * CONFIG_NOT_TRUSTED for one that was found and is a stranger's.
 */
export async function loadConfig({ file, cwd }: { file?: string | undefined; cwd: string }): Promise<LoadedConfig> {
  const path = file === undefined ? findConfig(cwd) : resolve(cwd, file);
  if (path === null) return { raw: {}, path: null, baseDir: cwd };
  try {
    // who names a file may name a pipe, or a link
    const text = file === undefined ? readFound(path) : readFileSync(path, 'utf8');
    return { raw: parseConfig(path, text), path, baseDir: dirname(path) };
  } catch (error) {
    if (error instanceof CisError) throw error;
    const reason = errorCode(error) === 'ENOENT' ? 'there is no such file' : errorMessage(error);
    throw new CisError('CONFIG_UNREADABLE', `${file ?? path} can not be read: ${reason}`, { cause: error });
  }
}
