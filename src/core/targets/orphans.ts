import { listProcesses, readEnvironment, readProcessLink } from '../procfs/process-list.js';
import { isRecorderAlive, recorderMark } from '../recorder/recorder-mark.js';
import { endFamily } from './process-family.js';

/** Names the episode that a process was started for. */
export const EPISODE_VARIABLE = 'CIS490_EPISODE';
/** Names the recorder that started it: pid and start time. */
export const RECORDER_VARIABLE = 'CIS490_RECORDER';

const PROC = '/proc';

/**
 * Ends what a recorder that was killed has left running: targets, actions, and programs of its collectors, which know
 * the recorder alone. Only processes of this pid namespace count: inside a container the same numbers name other
 * processes. Returns the episodes that were cleared.
 */
export async function endOrphans(): Promise<string[]> {
  const namespace = readProcessLink(PROC, 'self', 'ns/pid');
  const recorders = new Set<string>();
  const episodes = new Set<string>();
  for (const { pid } of listProcesses(PROC)) {
    const environment = readEnvironment(PROC, pid);
    const [episode, recorder] = [environment.get(EPISODE_VARIABLE), environment.get(RECORDER_VARIABLE)];
    if (recorder === undefined || pid === process.pid || isRecorderAlive(recorder)) continue;
    if (readProcessLink(PROC, pid, 'ns/pid') !== namespace) continue;
    recorders.add(recorder);
    if (episode !== undefined) episodes.add(episode);
  }
  for (const recorder of recorders) await endFamily({ leader: null, marks: { [RECORDER_VARIABLE]: recorder } });
  return [...episodes];
}

/**
 * Ends the programs that this recorder's collectors have left: those of a thread that had to be given up, and what left
 * its process group. Targets carry the same mark, and are ended before. Returns whether all are gone.
 */
export function endOwnPrograms(): Promise<boolean> {
  return endFamily({ leader: null, marks: { [RECORDER_VARIABLE]: recorderMark() } });
}
