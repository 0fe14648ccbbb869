import { lstatSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { NAMES } from '../episode/episode-folder.js';
import { isEpisodeId } from '../episode/episode-id.js';
import { errorCode } from '../errors/describe-error.js';

/** What inotify did not tell is found so: a folder on a share, an overflow of its queue, an episode that is to be tried again. */
const RESCAN_MS = 10_000;
/** A burst of changes is looked at once. */
const SETTLE_MS = 100;

export interface FoundEpisodes {
  /** Those with a marker, the oldest first: the stamp of it by the folder, which is absolute. */
  readonly finished: ReadonlyMap<string, string>;
  /** How many have none. */
  readonly unfinished: number;
}

/** The episodes in a folder; none if there is no such folder. */
export function episodesIn(output: string): FoundEpisodes {
  const finished = new Map<string, string>();
  const ids = idsIn(output);
  for (const id of ids) {
    const folder = resolve(output, id);
    const stamp = markerStamp(folder);
    if (stamp !== null) finished.set(folder, stamp);
  }
  return { finished, unfinished: ids.length - finished.size };
}

function idsIn(output: string): string[] {
  try {
    const entries = readdirSync(output, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return entries
      .map(({ name }) => name)
      .filter(isEpisodeId)
      .sort();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Another one after each change of the marker; null if there is none. A folder that can't be looked into counts as if it had one: that is told when it is its turn. */
export function markerStamp(folder: string): string | null {
  try {
    const stat = lstatSync(join(folder, NAMES.marker), { throwIfNoEntry: false, bigint: true });
    return stat === undefined ? null : `${stat.ino} ${stat.mtimeNs} ${stat.size}`;
  } catch (error) {
    return errorCode(error) === 'ENOTDIR' ? null : errorCode(error);
  }
}

/** Calls back whenever the folder should be looked at: when a marker appears, and every now and then. Returns what ends it. */
export async function watchMarkers(output: string, look: () => void): Promise<() => Promise<void>> {
  const { watch } = await import('chokidar');
  // episodes are drafts under hidden names, then folders whose marker comes last; nothing below telemetry is looked at
  const isOther = (path: string) => path !== output && !isEpisodeId(step(path, output)) && !path.endsWith(NAMES.marker);
  const watcher = watch(output, { depth: 1, ignoreInitial: true, ignored: isOther, followSymlinks: false });
  let due: NodeJS.Timeout | undefined;
  watcher.on('all', () => {
    due ??= setTimeout(() => {
      due = undefined;
      look();
    }, SETTLE_MS);
  });
  watcher.on('error', () => {}); // as no inotify watch is left: the rescans go on
  const timer = setInterval(look, RESCAN_MS);
  return async () => {
    clearInterval(timer);
    clearTimeout(due);
    await watcher.close();
  };
}

const step = (path: string, output: string): string => path.slice(output.length + 1);
