import { spawnSync } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { CisError } from '../errors/cis-error.js';
import { errorMessage } from '../errors/describe-error.js';
import { resolveExecutable } from '../targets/executable.js';

/** The descriptor under which flock(1) sees the folder. */
const FD = '3';
const HELD_BY_ANOTHER = 1;

/**
 * Works on a finished or an abandoned episode while no other process does. Node has no flock(2), but the lock belongs to
 * the open file, which flock(1) shares with us: it is ours after that has ended, until we close the descriptor or die, so
 * that nothing is ever left to clean up. Throws EPISODE_BUSY; TOOL_MISSING without flock(1); the system's errors as they are.
 */
export async function whileLocked<T>(path: string, work: () => T | Promise<T>): Promise<T> {
  const fd = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    lockDescriptor(fd, path);
    return await work();
  } finally {
    closeSync(fd);
  }
}

/** The same for what changes the episode: throws RECOVERY_FAILED where the system refuses something, in the work too. */
export async function withLockedFolder<T>(path: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await whileLocked(path, work);
  } catch (error) {
    if (error instanceof CisError || typeof (error as NodeJS.ErrnoException)?.syscall !== 'string') throw error;
    throw new CisError('RECOVERY_FAILED', `${path} could not be finished: ${errorMessage(error)}`, { cause: error });
  }
}

/**
 * flock(2) on an open file or folder, until the descriptor is closed. Waits for it for so many seconds, and blocks the
 * thread meanwhile. Throws EPISODE_BUSY, TOOL_MISSING, the system's error.
 */
export function lockDescriptor(fd: number, path: string, waitSeconds = 0): void {
  const flock = resolveExecutable('flock', '/');
  if (flock === null)
    throw new CisError('TOOL_MISSING', `no program "flock" was found in PATH: ${path} can not be locked`);
  const wait = waitSeconds > 0 ? ['-w', String(waitSeconds)] : ['-n'];
  const { status, error, stderr } = spawnSync(flock, [...wait, FD], { stdio: ['ignore', 'ignore', 'pipe', fd] });
  if (error !== undefined) throw error;
  if (status === HELD_BY_ANOTHER)
    throw new CisError('EPISODE_BUSY', `another process is recovering, relabelling or shipping ${path}`);
  if (status !== 0) throw new Error(`flock failed on ${path}: ${stderr.toString().trim()}`);
}
