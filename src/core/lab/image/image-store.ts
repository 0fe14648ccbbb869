import { chmodSync, mkdtempSync, readdirSync, readlinkSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { CisError } from '../../errors/cis-error.js';
import { errorCode, errorMessage } from '../../errors/describe-error.js';
import { makeFolders } from '../../files/make-folders.js';
import { fsyncFolder } from '../../files/replace-file.js';
import { syncAndHash } from '../../files/sync-and-hash.js';
import { CURRENT, imagesFolder, type LabImage, readImage } from './read-image.js';

const DRAFT = '.draft-';
/** What guests boot is made of public packages: whoever may read it, its owner alone may write to it, whatever the umask. */
const WRITABLE_BY_OWNER = 0o755;
/** A build takes seconds, and no more than its tools' time limits: what is older was left by one that was killed. */
const ABANDONED_MS = 2 * 60 * 60 * 1000;
/** What is said by tools, and by the system, of a disk or quota that is full. */
const NO_ROOM = /ENOSPC|EDQUOT|No space left|Disk quota exceeded/;

/** The images that there are, each in a folder of its id. Several builds at once don't harm one another. */
export class ImageStore {
  readonly #folder: string;

  constructor(lab: string) {
    this.#folder = imagesFolder(lab);
  }

  /** A sound image of that id, or null. */
  find(id: string): LabImage | null {
    try {
      return readImage(join(this.#folder, id));
    } catch {
      return null;
    }
  }

  /**
   * Lets an image be made in a temporary folder beside its place, and moves there what `make` says it made. Nothing stays
   * of one that fails. Throws what it throws, LAB_UNWRITABLE if there is no room, or LAB_NOT_REPRODUCIBLE.
   */
  async add(id: string, make: (draft: string) => Promise<string>): Promise<LabImage> {
    const draft = this.#createDraft();
    try {
      const made = await make(draft);
      protect(made);
      this.#place(made, id, draft);
    } catch (error) {
      throw NO_ROOM.test(`${errorCode(error)} ${errorMessage(error)}`) ? this.#unwritable(error) : error;
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
    return readImage(join(this.#folder, id));
  }

  /** Makes this image the one that is meant where none is named. */
  makeCurrent(id: string): void {
    const [link, temporary] = [join(this.#folder, CURRENT), join(this.#folder, `${DRAFT}${CURRENT}-${process.pid}`)];
    try {
      if (linkTarget(link) === id) return;
      rmSync(temporary, { force: true });
      symlinkSync(id, temporary);
      renameSync(temporary, link);
    } catch (error) {
      throw this.#unwritable(error);
    }
  }

  #createDraft(): string {
    try {
      makeFolders(this.#folder, { mode: WRITABLE_BY_OWNER });
      this.#removeAbandoned();
      return mkdtempSync(join(this.#folder, DRAFT));
    } catch (error) {
      throw this.#unwritable(error);
    }
  }

  #removeAbandoned(): void {
    for (const name of readdirSync(this.#folder).filter((entry) => entry.startsWith(DRAFT))) {
      const path = join(this.#folder, name);
      const changed = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
      if (Date.now() - changed > ABANDONED_MS) rmSync(path, { recursive: true, force: true });
    }
  }

  /** One that is there, and sound, stays: it may be in use, and the new one has to be the same. */
  #place(made: string, id: string, draft: string): void {
    const place = join(this.#folder, id);
    const there = this.find(id);
    if (there !== null && this.#isWhole(there)) {
      expectSame(there, readImage(made));
      return;
    }
    try {
      rmSync(join(draft, 'broken'), { recursive: true, force: true });
      if (there !== null || isThere(place)) renameSync(place, join(draft, 'broken'));
      renameSync(made, place);
    } catch (error) {
      // another build was faster
      if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(errorCode(error)) || this.find(id) === null) throw error;
      expectSame(this.find(id)!, readImage(made));
    }
    fsyncFolder(this.#folder);
  }

  /** Whether the files are what the manifest says, to the last byte. */
  #isWhole({ kernelPath, initrdPath, manifest: { kernel, initrd } }: LabImage): boolean {
    return syncAndHash(kernelPath).sha256 === kernel.sha256 && syncAndHash(initrdPath).sha256 === initrd.sha256;
  }

  #unwritable(cause: unknown): CisError {
    return new CisError('LAB_UNWRITABLE', `${this.#folder} can not be written: ${errorMessage(cause)}`, { cause });
  }
}

function protect(folder: string): void {
  for (const path of [folder, ...readdirSync(folder).map((name) => join(folder, name))])
    chmodSync(path, statSync(path).mode & WRITABLE_BY_OWNER);
}

function expectSame(there: LabImage, made: LabImage): void {
  const differing = (['kernel', 'initrd'] as const).filter(
    (part) => there.manifest[part].sha256 !== made.manifest[part].sha256,
  );
  if (differing.length === 0) return;
  throw new CisError(
    'LAB_NOT_REPRODUCIBLE',
    `the image ${basename(there.folder)} came out differently than before; the former one was kept`,
    {
      problems: differing.map(
        (part) =>
          `${part}: ${made.manifest[part].sha256} of ${made.manifest[part].bytes} bytes, where ${there.manifest[part].sha256} of ${there.manifest[part].bytes} was before`,
      ),
    },
  );
}

const isThere = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined;

function linkTarget(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}
