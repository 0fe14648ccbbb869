import { chmodSync, chownSync, closeSync, constants, mkdtempSync, openSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeTree } from '../files/remove-tree.js';
import { clearAbandoned } from '../recorder/clear-abandoned.js';
import { ownerMark } from '../recorder/owner-mark.js';
import type { SystemUser } from './system-user.js';

/** `cis490-<owner's mark>-<random>`. */
const NAME = /^cis490-(.+)-[A-Za-z0-9]{6}$/;
const PRIVATE = 0o700;
/** Of a socket's path, with the zero behind it (unix(7), sun_path). */
const MAX_SOCKET_PATH = 108;

/** What a virtual machine needs on the host while it runs: sockets and overlays, in a folder that is nobody else's. */
export interface RunFolder {
  readonly path: string;
  file(name: string): string;
  /** A name by which this process reaches a socket in it, however long the folder's own is. */
  socket(name: string): string;
  /** Idempotent, never throws. Returns whether it is gone. */
  remove(): boolean;
}

/** Made for the user that QEMU runs as. */
export function createRunFolder(user: SystemUser | null): RunFolder {
  const path = mkdtempSync(join(tmpdir(), `cis490-${ownerMark()}-`));
  chmodSync(path, PRIVATE);
  if (user !== null) chownSync(path, user.uid, user.gid);
  const fd = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  let isOpen = true;
  return {
    path,
    file: (name) => join(path, name),
    socket: (name) =>
      Buffer.byteLength(join(path, name)) < MAX_SOCKET_PATH ? join(path, name) : `/proc/self/fd/${fd}/${name}`,
    remove() {
      try {
        removeTree(path);
        return true;
      } catch {
        return false; // a file came into it meanwhile, or its disk fails
      } finally {
        if (isOpen) closeSync(fd);
        isOpen = false;
      }
    },
  };
}

/** Removes what recorders that were killed have left. */
export function clearRunFolders(): void {
  clearAbandoned(tmpdir(), NAME);
}
