import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { CisError } from '../errors/cis-error.js';
import { errorCode } from '../errors/describe-error.js';
import { whileLocked } from '../files/folder-lock.js';
import { removeTree } from '../files/remove-tree.js';
import { fsyncFolder } from '../files/replace-file.js';

/**
 * Folders that a run has for a while beside the episodes: `.<id>.leaving.x` is an episode that is about to be removed,
 * `.<id>.gone.x` what is left of one, `.<id>.packed.x` a compressed copy. Each is locked while its run lives: whoever gets
 * the lock knows that it was killed, also after a reboot or in another container.
 */
type Kind = 'leaving' | 'gone' | 'packed';
const ASIDE = /^\.([0-9A-Z]{26})\.(leaving|gone|packed)\.[0-9a-f]{8}$/;

/** A new name for such a folder. */
export const asideOf = (folder: string, id: string, kind: Kind): string =>
  join(folder, `.${id}.${kind}.${randomBytes(4).toString('hex')}`);

/**
 * Removes the local copy, whose lock the caller holds. It loses its name first: half of an episode under its id would be
 * taken for one that a recorder left, and "recovered". And only if the other copy is seen when this one is out of the way:
 * a destination may turn out to be this very folder, under whatever name. Returns whether it was removed. Throws the
 * system's error.
 */
export async function removeShipped(folder: string, isStillThere: () => Promise<boolean>): Promise<boolean> {
  const [parent, id] = [dirname(folder), basename(folder)];
  const [leaving, gone] = [asideOf(parent, id, 'leaving'), asideOf(parent, id, 'gone')];
  renameSync(folder, leaving);
  const isThere = await isStillThere().catch((error: unknown) => {
    renameSync(leaving, folder);
    throw error;
  });
  renameSync(leaving, isThere ? gone : folder);
  fsyncFolder(parent);
  if (isThere) removeTree(gone);
  return isThere;
}

/** Ends what runs that were killed have begun: an episode that was leaving gets its name back, the rest goes. Throws the system's error. */
export async function settleAside(parent: string): Promise<void> {
  for (const name of namesIn(parent)) {
    const [, id, kind] = ASIDE.exec(name) ?? [];
    if (id === undefined) continue;
    const [aside, own] = [join(parent, name), join(parent, id)];
    await unlessInUse(aside, () => {
      if (kind !== 'leaving') removeTree(aside);
      else if (!existsSync(own)) renameSync(aside, own);
    });
  }
}

async function unlessInUse(path: string, work: () => void): Promise<void> {
  try {
    await whileLocked(path, work);
  } catch (error) {
    const isBusy = error instanceof CisError && error.code === 'EPISODE_BUSY';
    // another run has settled it, or it is no folder at all
    if (!isBusy && !['ENOENT', 'ENOTDIR', 'ELOOP'].includes(errorCode(error))) throw error;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error))) return [];
    throw error;
  }
}
