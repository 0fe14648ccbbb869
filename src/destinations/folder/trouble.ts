import { DestinationError } from '../../index.js';

/** What the system says that will not pass by itself. */
const LASTING = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'ENOTDIR', 'EISDIR', 'ELOOP']);
/** And what it says of a file that the file system there does not take. */
const REFUSED = new Set(['EFBIG', 'ENAMETOOLONG', 'EINVAL', 'EILSEQ']);

/** Runs it; what the system refuses is thrown as DestinationError. */
export async function told<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    // what has no system call comes from elsewhere: from the episode that is read, from the signal
    if (code === undefined || syscall === undefined) throw error;
    const kind = LASTING.has(code) ? 'lasting' : REFUSED.has(code) ? 'refused' : 'passing';
    throw new DestinationError(kind, `${what}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
