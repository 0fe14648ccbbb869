import { closeSync, fchmodSync, fsyncSync, lstatSync, openSync, readdirSync, renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { CisError } from '../../errors/cis-error.js';
import { errorCode } from '../../errors/describe-error.js';
import { filesBelow } from '../../files/files-below.js';
import { makeFolders } from '../../files/make-folders.js';
import { FILE_MODE } from '../../files/permissions.js';
import { removeTree } from '../../files/remove-tree.js';
import { fsyncFolder } from '../../files/replace-file.js';
import { clearAbandoned } from '../../recorder/clear-abandoned.js';
import { OWNER_MARK, ownerMark } from '../../recorder/owner-mark.js';

export interface DraftOptions {
  /** Where it is to be, absolute. */
  readonly out: string;
  /** Whether a former result there may be replaced. */
  readonly isForced: boolean;
  /** The file by which a former result is known. */
  readonly knownBy: string;
}

/** A folder that is built aside, `.<name>.<mark>`, and takes its place as a whole. What a killed build left is cleared. */
export class DraftFolder {
  readonly path: string;
  /** Gone when it is published. */
  readonly scratch: string;
  readonly #o: DraftOptions;
  #isDiscarded = false;

  /** Throws DATASET_EXISTS and DATASET_WRITE_FAILED. */
  constructor(options: DraftOptions) {
    this.#o = options;
    const { out } = options;
    requireFree(options);
    this.path = join(dirname(out), `.${basename(out)}.${ownerMark()}`);
    this.scratch = join(this.path, '.scratch');
    try {
      makeFolders(dirname(out));
      clearAbandoned(dirname(out), draftsOf(out));
      makeFolders(this.scratch);
    } catch (error) {
      throw new CisError('DATASET_WRITE_FAILED', `${this.path} can not be created: ${errorCode(error)}`, {
        cause: error,
      });
    }
  }

  /** The path of a file in it, whose folder is made. Work that goes on behind the end makes nothing any more. */
  file(path: string): string {
    if (this.#isDiscarded) throw new Error(`${this.path} was discarded`);
    const file = join(this.path, path);
    makeFolders(dirname(file));
    return file;
  }

  /** Everything is on the disk before it gets its name. */
  publish(): void {
    const { out } = this.#o;
    removeTree(this.scratch);
    requireFree(this.#o);
    for (const file of filesBelow(this.path)) flush(join(this.path, file));
    const former = join(dirname(out), `.${basename(out)}.former.${ownerMark()}`);
    const isThere = lstatSync(out, { throwIfNoEntry: false }) !== undefined;
    if (isThere) renameSync(out, former);
    renameSync(this.path, out);
    fsyncFolder(dirname(out));
    if (isThere) removeTree(former);
  }

  /** Does nothing if it was published. */
  discard(): void {
    this.#isDiscarded = true;
    removeTree(this.path);
  }
}

function requireFree({ out, isForced, knownBy }: DraftOptions): void {
  const stat = lstatSync(out, { throwIfNoEntry: false });
  if (stat === undefined) return;
  if (!stat.isDirectory()) throw new CisError('DATASET_EXISTS', `${out} exists, and is no folder`);
  const isFormer = lstatSync(join(out, knownBy), { throwIfNoEntry: false }) !== undefined;
  if (isForced && (isFormer || readdirSync(out).length === 0)) return;
  if (!isForced) throw new CisError('DATASET_EXISTS', `${out} exists`);
  throw new CisError('DATASET_EXISTS', `${out} has no ${knownBy}: it is not replaced`, {
    hint: 'Choose another folder with --out, or remove that one yourself.',
  });
}

const draftsOf = (out: string): RegExp =>
  new RegExp(`^\\.${basename(out).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\.(${OWNER_MARK})$`);

/** DuckDB makes its files for everybody to read. */
function flush(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fchmodSync(fd, FILE_MODE);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
