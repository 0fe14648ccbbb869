import { accessSync, closeSync, constants, openSync, readSync, realpathSync, statSync } from 'node:fs';
import { basename, delimiter, resolve } from 'node:path';
import { CisError } from '../errors/cis-error.js';

/** Where programs are for who has no PATH at all, as execvp(3) has it. */
const DEFAULT_PATH = '/usr/local/bin:/usr/bin:/bin';

/**
 * The file that a program's name stands for: looked up in PATH unless it has a slash, and from `cwd` where PATH is not
 * absolute. So what lies in the recorder's own working folder is never taken for a tool. Null if there is none that can be
 * run.
 */
export function resolveExecutable(name: string, cwd: string, path = process.env.PATH ?? DEFAULT_PATH): string | null {
  const candidates = name.includes('/')
    ? [resolve(cwd, name)]
    : path.split(delimiter).map((folder) => resolve(cwd, folder, name));
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
function interpreterOf(path: string): string | null {
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

/** The executable of a command. Throws TARGET_NOT_FOUND. */
export function requireExecutable(argv: readonly string[], cwd: string, path?: string): string {
  const name = argv[0]!;
  const executable = resolveExecutable(name, cwd, path);
  if (executable !== null) {
    const interpreter = interpreterOf(executable);
    if (interpreter === null || resolveExecutable(interpreter, '/') !== null) return executable;
    throw new CisError('TARGET_NOT_FOUND', `"${name}" is a script for ${interpreter}, which can not be run`);
  }
  const where = name.includes('/') ? `from ${cwd}` : 'in PATH';
  throw new CisError('TARGET_NOT_FOUND', `no program "${name}" that can be run was found ${where}`);
}
