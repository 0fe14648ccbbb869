/** The process is gone, or hidden from this user (hidepid, proc(5)), which is the same to a reader. */
const GONE = new Set(['ESRCH', 'ENOENT', 'ENOTDIR', 'EACCES', 'EPERM']);

export const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? '';

/** What else went wrong (EMFILE) is thrown on, and costs the tick. */
export function falseIfGone(error: unknown): false {
  if (GONE.has(codeOf(error))) return false;
  throw error;
}
