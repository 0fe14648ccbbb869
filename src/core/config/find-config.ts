import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, type Stats } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { CisError } from '../errors/cis-error.js';

const NAMES = ['.cis490rc', '.cis490rc.json', '.cis490rc.yaml', '.cis490rc.yml'];
/** Where one of these is, a project ends, and with it the search. */
const PROJECT_FILES = ['package.json', 'package.yaml'];
const ROOT_UID = 0;
const WRITABLE_BY_ALL = 0o002;
const MAX_BYTES = 64 * 1024 * 1024;

/** The nearest configuration from `cwd` up to the folder of its project, or null. */
export function findConfig(cwd: string): string | null {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const found = NAMES.map((name) => join(folder, name)).find(isThere);
    if (found !== undefined) return found;
    const isTop = folder === dirname(folder) || PROJECT_FILES.some((name) => isThere(join(folder, name)));
    if (isTop) return null;
  }
}

/** Also as a link that leads nowhere: what is passed over has to be no configuration at all. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path).isDirectory() === false;
  } catch {
    return false;
  }
}

/**
 * The text of a configuration that was found by searching. It may name programs and plugins, and nobody has named it: so
 * it is read only if it belongs to who runs this, or to root, and not everybody may write to it. Throws
 * CONFIG_NOT_TRUSTED, the system's error, or what is wrong in words.
 */
export function readFound(path: string): string {
  const link = lstatSync(path);
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const file = fstatSync(fd);
    requireTrusted(path, link, file);
    if (!file.isFile()) throw new Error('is no regular file');
    if (file.size > MAX_BYTES) throw new Error(`has ${file.size} bytes; a configuration has at most ${MAX_BYTES}`);
    return readFileSync(fd, 'utf8');
  } finally {
    closeSync(fd);
  }
}

/** A link's own owner counts too: a stranger's link to one's own file would have it read from a stranger's folder. */
function requireTrusted(path: string, link: Stats, file: Stats): void {
  const trusted = trustedUsers();
  const owner = [link.uid, file.uid].find((uid) => !trusted.includes(uid));
  if (owner !== undefined) throw notTrusted(path, `belongs to user ${owner}, neither to you nor to root`);
  if ((file.mode & WRITABLE_BY_ALL) !== 0) throw notTrusted(path, 'can be written by everybody');
}

/** Who runs this, root, and whoever became root by sudo: as git has it for the owner of a repository (safe.directory). */
export function trustedUsers(env: NodeJS.ProcessEnv = process.env, uid = process.geteuid!()): readonly number[] {
  const sudoer = uid === ROOT_UID && /^\d+$/.test(env.SUDO_UID ?? '') ? [Number(env.SUDO_UID)] : [];
  return [uid, ROOT_UID, ...sudoer];
}

const notTrusted = (path: string, why: string) =>
  new CisError(
    'CONFIG_NOT_TRUSTED',
    `the configuration ${path}, which was found by searching, ${why}; it could start programs in your name`,
    { hint: `Read it. If you trust it, name it: --config ${path}; else name another one, which may be empty.` },
  );
