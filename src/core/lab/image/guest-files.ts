import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesBelow } from '../../files/files-below.js';
import { packageUrl } from '../../package-info.js';

/** A file of ours in the guest. */
export interface GuestFile {
  /** From the guest's root. */
  readonly path: string;
  readonly mode: number;
  readonly content: Buffer;
}

interface GuestModule {
  readonly name: string;
  /** Whether a kernel without it will do. */
  readonly isOptional: boolean;
}

/** The guest's own files, in templates/guest. What begins with `#!` can be run, whatever a packer did to its mode. */
export function readGuestFiles(): GuestFile[] {
  const root = fileURLToPath(packageUrl('templates/guest'));
  return filesBelow(root)
    .sort()
    .map((path) => {
      const content = readFileSync(join(root, path));
      return { path, mode: content.subarray(0, 2).toString() === '#!' ? 0o755 : 0o644, content };
    });
}

/** The kernel modules that the guest's init loads, from its etc/modules: a name a line, perhaps with "optional". */
export function guestModules(files: readonly GuestFile[]): GuestModule[] {
  const list = files.find(({ path }) => path === 'etc/modules')?.content.toString() ?? '';
  return list
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(' '))
    .map(([name, mark]) => ({ name: name!, isOptional: mark === 'optional' }));
}
