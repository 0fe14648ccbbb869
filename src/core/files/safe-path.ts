/** PATH_MAX of Linux. */
const MAX_PATH = 4096;

/** Whether it is a relative path that stays where it is, and that a system can have. */
export function isSafePath(path: string): boolean {
  return (
    path.length < MAX_PATH &&
    !path.startsWith('/') &&
    !path.includes('\0') &&
    path.split('/').every((step) => step !== '' && step !== '.' && step !== '..')
  );
}
