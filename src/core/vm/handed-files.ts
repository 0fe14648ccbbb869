import { chownSync, closeSync, constants, copyFileSync, fstatSync, openSync } from 'node:fs';
import type { RunFolder } from './run-folder.js';
import type { SystemUser } from './system-user.js';

/** stdin, stdout, stderr. */
const FIRST_FD = 3;
const READABLE_BY_ALL = 0o004;

/**
 * Files opened for QEMU, which may run as a user that can't reach them: it gets them as descriptors. Those it was given
 * stand at 3 and above, in this order.
 */
export class HandedFiles {
  readonly fds: number[] = [];
  readonly #run: RunFolder;
  readonly #user: SystemUser | null;

  constructor(run: RunFolder, user: SystemUser | null) {
    this.#run = run;
    this.#user = user;
  }

  /** Opens it for reading; the descriptor's number in QEMU. Throws the system's error. */
  add(path: string): number {
    this.fds.push(openSync(path, constants.O_RDONLY));
    return FIRST_FD + this.fds.length - 1;
  }

  /** A name by which QEMU can open the file anew: what its user may not read is copied for it. */
  name(path: string): string {
    if (this.#user === null) return path;
    const fd = this.add(path);
    if ((fstatSync(this.fds.at(-1)!).mode & READABLE_BY_ALL) !== 0) return `/dev/fd/${fd}`;
    const name = `handed-${fd}`; // in QEMU's working folder
    copyFileSync(path, this.#run.file(name));
    chownSync(this.#run.file(name), this.#user.uid, this.#user.gid);
    return name;
  }

  close(): void {
    for (const fd of this.fds.splice(0)) closeSync(fd);
  }
}
