import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from '../../support/cli.js';

/** A file system of its own, for the length of a test. */
export interface SmallDisk {
  readonly path: string;
  /** Fills it but for so many KiB. */
  leave(kib: number): void;
  /** Takes away what filled it. */
  makeRoom(): void;
  setReadOnly(isReadOnly: boolean): void;
}

/** Needs root. */
export function smallDisk(mib: number): SmallDisk {
  const path = join(temporaryFolder(), 'disk');
  mkdirSync(path);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mib}m`, 'tmpfs', path]);
  onTestFinished(() => void execFileSync('umount', ['-l', path]));
  const filler = join(path, '.filler');
  return {
    path,
    leave(kib) {
      const { bavail, bsize } = statfsSync(path);
      writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - kib * 1024), 1));
    },
    makeRoom: () => rmSync(filler, { force: true }),
    setReadOnly: (isReadOnly) => void execFileSync('mount', ['-o', `remount,${isReadOnly ? 'ro' : 'rw'}`, path]),
  };
}
