import {
  chmodSync,
  copyFileSync,
  existsSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { CisError } from '../../errors/cis-error.js';
import { filesBelow } from '../../files/files-below.js';
import { type GuestFile, guestModules } from './guest-files.js';
import { FOLDERS, LIBRARIES, LINKS, PROGRAMS } from './recipe.js';

const MULTIARCH = 'x86_64-linux-gnu';
/** Where Debian puts libraries. */
const LIBRARY_FOLDERS = [`lib/${MULTIARCH}`, `usr/lib/${MULTIARCH}`];
/** Every time stamp in an image, so that the time of its making is not in its bytes. */
const EPOCH = new Date(0);

interface GuestTreeOptions {
  /** Where the packages were unpacked. */
  readonly packages: string;
  readonly guestFiles: readonly GuestFile[];
  /** A folder that does not exist yet. */
  readonly tree: string;
}

/**
 * Lays out the guest's root from unpacked packages and our own files. Returns the names of all entries, sorted, from the
 * root. Throws LAB_BUILD_FAILED if the packages lack something.
 */
export function makeGuestTree({ packages, guestFiles, tree }: GuestTreeOptions): string[] {
  for (const folder of Object.keys(FOLDERS)) mkdirSync(join(tree, folder), { recursive: true });
  for (const program of PROGRAMS) place(find(packages, [program]), join(tree, program), 0o755);
  for (const library of LIBRARIES) {
    const source = find(
      packages,
      LIBRARY_FOLDERS.map((folder) => `${folder}/${library}`),
    );
    place(source, join(tree, 'lib', MULTIARCH, library), 0o755);
  }
  placeModules(packages, guestFiles, join(tree, 'lib/modules'));
  for (const { path, mode, content } of guestFiles) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), content);
    chmodSync(join(tree, path), mode);
  }
  for (const [link, target] of Object.entries(LINKS)) symlinkSync(target, join(tree, link));
  return settle(tree);
}

function find(packages: string, candidates: readonly string[]): string {
  const found = candidates.map((path) => join(packages, path)).find((path) => existsSync(path));
  // a link out of the packages would take a file of this machine
  if (found !== undefined && realpathSync(found).startsWith(`${realpathSync(packages)}/`)) return found;
  throw new CisError('LAB_BUILD_FAILED', `none of the packages has the file ${candidates.join(' or ')}`);
}

/** Follows links: a library is known by its short name alone. */
function place(source: string, target: string, mode: number): void {
  copyFileSync(source, target);
  chmodSync(target, mode);
}

/** The kernel's modules that the guest loads, in one folder. One that the kernel has built in has no file. */
function placeModules(packages: string, guestFiles: readonly GuestFile[], target: string): void {
  const root = modulesFolder(packages);
  const files = new Map(filesBelow(root).map((path) => [basename(path), join(root, path)]));
  const builtIn = readFileSync(join(root, 'modules.builtin'), 'utf8');
  for (const { name, isOptional } of guestModules(guestFiles)) {
    const source = files.get(`${name}.ko`);
    if (source !== undefined) place(source, join(target, `${name}.ko`), 0o644);
    else if (!isOptional && !builtIn.includes(`/${name}.ko`))
      throw new CisError('LAB_BUILD_FAILED', `the kernel ${basename(root)} has no module "${name}"`);
  }
}

function modulesFolder(packages: string): string {
  const folder = join(packages, 'lib/modules');
  return join(folder, readdirSync(folder)[0]!);
}

/** The kernel's release, as `uname -r` prints it. */
export const kernelRelease = (packages: string): string => basename(modulesFolder(packages));

/** Gives everything the same modes and times in each build, whatever umask and clock say. */
function settle(tree: string): string[] {
  const entries = readdirSync(tree, { recursive: true, withFileTypes: true });
  const names = entries.map((entry) => {
    const path = join(entry.parentPath, entry.name);
    const name = relative(tree, path);
    if (entry.isDirectory()) chmodSync(path, FOLDERS[name] ?? 0o755);
    return name;
  });
  chmodSync(tree, 0o755);
  for (const name of ['', ...names]) lutimesSync(join(tree, name), EPOCH, EPOCH);
  return ['.', ...names].sort();
}
