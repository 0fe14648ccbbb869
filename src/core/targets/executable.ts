import { accessSync, closeSync, constants, openSync, readSync, realpathSync, statSync } from 'node:fs';
import { basename, delimiter, join, resolve } from 'node:path';

/** The file that a program's name stands for: looked up in PATH unless it has a slash. Null if there is none that can be run. */
export function resolveExecutable(name: string, cwd: string, path = process.env.PATH ?? ''): string | null {
  const candidates = name.includes('/')
    ? [resolve(cwd, name)]
    : path.split(delimiter).map((folder) => join(folder || '.', name));
  return candidates.find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The interpreter that a script's first line names; null for a program, or what can't be read. */
export function interpreterOf(path: string): string | null {
  try {
    const fd = openSync(path, 'r');
    try {
      const bytes = Buffer.alloc(256);
      const head = bytes.toString('latin1', 0, readSync(fd, bytes, 0, bytes.length, 0));
      return /^#!\s*(\S+)/.exec(head)?.[1] ?? null;
    } finally {
      closeSync(fd);
    }
  } catch {
    return null;
  }
}

/**
 * Words that make a command end with this recorder, even if that is killed: util-linux's setpriv sets PR_SET_PDEATHSIG.
 * Empty where there is none; busybox's knows no such option.
 */
export function dieWithRecorder(): string[] {
  const setpriv = resolveExecutable('setpriv', '/');
  if (setpriv === null || basename(realpathSync(setpriv)) !== 'setpriv') return [];
  return [setpriv, '--pdeathsig', 'KILL', '--'];
}
