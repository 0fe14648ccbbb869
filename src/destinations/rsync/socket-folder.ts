import { mkdtemp, readdir, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** unix(7): a socket's path has 107 characters at most, and ssh makes it with 17 more before it renames it. */
const MAX_FOLDER_CHARS = 60;
const PREFIX = 'cis490-ssh-';

/** Makes a folder for the connection's socket, which nobody else can look into. Takes away those that killed processes have left. */
export async function makeSocketFolder(): Promise<string> {
  const parent = shortFolder();
  const names = await readdir(parent).catch(() => []);
  const stale = names.filter(
    (name) => name.startsWith(PREFIX) && isGone(Number(name.slice(PREFIX.length).split('-')[0])),
  );
  // as its socket goes with the ssh that made it, what is left is empty; another one stays
  await Promise.all(stale.map((name) => rmdir(join(parent, name)).catch(() => {})));
  return mkdtemp(join(parent, `${PREFIX}${process.pid}-`));
}

/** Made of characters that rsync and ssh take as they are. */
const shortFolder = (): string =>
  tmpdir().length <= MAX_FOLDER_CHARS && /^[\w./-]+$/.test(tmpdir()) ? tmpdir() : '/tmp';

function isGone(pid: number): boolean {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
