import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { API_VERSION } from '../contract/collector.js';
import { CisError } from '../errors/cis-error.js';
import { errorMessage } from '../errors/describe-error.js';
import { filesBelow } from '../files/files-below.js';
import { makeFolders } from '../files/make-folders.js';
import { packageFile, packageUrl } from '../package-info.js';

export const SCAFFOLD_KINDS = ['files', 'polled', 'stream', 'exec'] as const;
type ScaffoldKind = (typeof SCAFFOLD_KINDS)[number];

const NAME = /^[a-z][a-z0-9_]{0,62}$/;
const SUFFIX = '.tpl';

/** What the collector of each template does, until its author makes it do something else. */
const SUMMARIES: Readonly<Record<ScaffoldKind, string>> = {
  files: 'Threads of the machine: ready to run, and in existence.',
  polled: 'File handles of the machine: in use, and allowed.',
  stream: 'Changes of the files in a folder.',
  exec: 'TCP sockets of the machine by state.',
};
/** What of each template is published, beside what npm always takes. */
const PUBLISHED: Readonly<Record<ScaffoldKind, readonly string[]>> = {
  files: ['dist', 'schemas'],
  polled: ['dist', 'schemas'],
  stream: ['dist', 'schemas'],
  exec: ['dist', 'schemas', 'program'],
};

export interface CollectorPackageOptions {
  /** The collector's name. */
  readonly name: string;
  readonly kind: ScaffoldKind;
  /** Where the package goes; `cis490-plugin-<name>` unless told. From `cwd`. */
  readonly folder: string | undefined;
  readonly cwd: string;
  /** Names that built-in collectors have. */
  readonly taken: readonly string[];
}

export interface CollectorPackage {
  readonly name: string;
  readonly package: string;
  readonly kind: ScaffoldKind;
  readonly path: string;
  /** From the package's folder. */
  readonly files: readonly string[];
}

/** Writes a plugin package whose tests pass as it stands. All of it or nothing. Throws USAGE or SCAFFOLD_EXISTS. */
export function createCollectorPackage({ name, kind, folder, cwd, taken }: CollectorPackageOptions): CollectorPackage {
  if (!NAME.test(name))
    throw new CisError('USAGE', `"${name}" is no name of a collector; it must be snake_case, as in "host_proc"`);
  if (taken.includes(name))
    throw new CisError('USAGE', `there is a built-in collector "${name}" already; choose another name`);
  const packageName = `cis490-plugin-${name.replaceAll('_', '-')}`;
  const path = resolve(cwd, folder ?? packageName);
  const there = statSync(path, { throwIfNoEntry: false });
  if (there !== undefined && !(there.isDirectory() && readdirSync(path).length === 0))
    throw new CisError('SCAFFOLD_EXISTS', `${path} exists, and is ${there.isDirectory() ? 'not empty' : 'no folder'}`);
  const values = {
    name,
    package: packageName,
    summary: SUMMARIES[kind],
    files: listOf(PUBLISHED[kind]),
    ...versions(),
  };
  try {
    return { name, package: packageName, kind, path, files: writeWhole(path, kind, values) };
  } catch (error) {
    throw new CisError('OUTPUT_UNWRITABLE', `${path} can not be written: ${errorMessage(error)}`, { cause: error });
  }
}

/** Made beside its place and moved there, so that no half of it is ever seen. */
function writeWhole(path: string, kind: ScaffoldKind, values: Readonly<Record<string, string>>): string[] {
  makeFolders(dirname(path), { mode: 0o777 });
  const draft = mkdtempSync(join(dirname(path), `.${basename(path)}-`));
  try {
    for (const part of ['common', kind]) cpSync(templates(part), draft, { recursive: true });
    const files = filesBelow(draft).map((file) => fillIn(draft, file, values));
    if (!existsSync(path)) {
      chmodSync(draft, 0o777 & ~process.umask()); // that of mkdtemp is for its user alone
      renameSync(draft, path);
      return files.sort();
    }
    // it may be where somebody stands
    for (const entry of readdirSync(draft)) renameSync(join(draft, entry), join(path, entry));
    rmSync(draft, { recursive: true });
    return files.sort();
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw error;
  }
}

const templates = (part: string): string => fileURLToPath(packageUrl(`templates/collector/${part}`));

/** Puts the values in the place of `{{name}}` and the like, in content and path. */
function fillIn(root: string, file: string, values: Readonly<Record<string, string>>): string {
  const insert = (text: string) => text.replace(/\{\{(\w+)\}\}/g, (_, key: string) => values[key]!);
  const target = insert(file)
    .replace(/(^|\/)gitignore\.tpl$/, '$1.gitignore')
    .replace(SUFFIX, '');
  const content = insert(readFileSync(join(root, file), 'utf8'));
  rmSync(join(root, file));
  writeFileSync(join(root, target), content);
  return target;
}

const listOf = (words: readonly string[]) => words.map((word) => JSON.stringify(word)).join(', ');

/** A package starts with the versions that this cis490 is made with. */
function versions(): Readonly<Record<string, string>> {
  const { version, devDependencies } = JSON.parse(readFileSync(packageFile, 'utf8')) as {
    version: string;
    devDependencies: Readonly<Record<string, string>>;
  };
  return {
    apiVersion: String(API_VERSION),
    cis490: `^${version}`,
    typescript: devDependencies.typescript!,
    typesNode: devDependencies['@types/node']!,
  };
}
