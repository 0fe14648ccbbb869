import { spawn } from 'node:child_process';
import { chmodSync, chownSync } from 'node:fs';
import { BIN, type RunningCli, temporaryFolder, watch } from './cli.js';

/** No user of any machine: it has a number, and neither name nor home. */
const USER = 490_490;
const isRoot = process.getuid?.() === 0;

/** A folder of that user, or of whoever runs the tests, if that is not root. */
export function unprivilegedFolder(): string {
  const folder = temporaryFolder();
  chmodSync(folder, 0o755);
  if (isRoot) chownSync(folder, USER, USER);
  return folder;
}

/** Starts the real program without any privilege: as that user, or as whoever runs the tests, if that is not root. */
export function startUnprivileged(
  args: readonly string[],
  { cwd, umask = '022' }: { cwd: string; umask?: string },
): RunningCli {
  const id = String(USER);
  const asUser = isRoot ? ['setpriv', '--reuid', id, '--regid', id, '--clear-groups', '--no-new-privs', '--'] : [];
  const program = ['env', '-i', `PATH=${process.env.PATH}`, process.execPath, BIN, ...args];
  return watch(spawn('sh', ['-c', `umask ${umask}; exec "$@"`, 'sh', ...asUser, ...program], { cwd }));
}
