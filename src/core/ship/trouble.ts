import type { DestinationError, TroubleKind } from '../contract/destination.js';
import { errorCode, errorMessage } from '../errors/describe-error.js';

/** The episode here is not what its marker says: it was changed after it was sealed, or is damaged. */
export class ChangedEpisode extends Error {
  override readonly name = 'ChangedEpisode';
}

/** What this machine refuses, while the episode is read or packed. */
export class LocalTrouble extends Error {
  override readonly name = 'LocalTrouble';
  constructor(what: string, cause: unknown) {
    super(`${what}: ${errorMessage(cause)}`, { cause });
  }
}

const FULL = new Set(['ENOSPC', 'EDQUOT', 'EROFS']);

/** Whether this machine's disk takes nothing any more: no other episode fares better. */
export const isDiskFull = (error: unknown): boolean =>
  FULL.has(errorCode(error instanceof LocalTrouble ? error.cause : error));

/** What is there is no file of an episode. */
const NOT_A_FILE = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO', 'EISDIR']);

/** A file of an episode that can't be opened: whether it is the episode that is wrong, or this machine. */
export function unreadable(path: string, error: unknown): ChangedEpisode | LocalTrouble {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const code = (cause as NodeJS.ErrnoException).code;
  return code === undefined || NOT_A_FILE.has(code)
    ? new ChangedEpisode(`${path} ${errorMessage(error)}`)
    : new LocalTrouble(`${path} can not be read`, cause);
}

/** What a destination threw. By its name: a plugin may come with a copy of the contract of its own. */
export function asTrouble(error: unknown): DestinationError | null {
  const { name, kind } = (error ?? {}) as Partial<DestinationError>;
  return name === 'DestinationError' && KINDS.includes(kind as TroubleKind) ? (error as DestinationError) : null;
}

const KINDS: readonly TroubleKind[] = ['passing', 'lasting', 'refused', 'conflict'];

/** One line for a report: a server's words may hold anything. */
export const oneSentence = (error: unknown): string => errorMessage(error).replace(/\s+/g, ' ').trim().slice(0, 1000);
