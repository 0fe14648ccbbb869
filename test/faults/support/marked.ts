import { readFileSync } from 'node:fs';
import { listProcesses, readEnvironment } from '../../../src/core/procfs/process-list.js';
import { hasEnded } from '../../../src/core/procfs/process-stat.js';

/** The living processes that were started for an episode, or came of such. */
export function startedFor(episodeId: string): number[] {
  return listProcesses('/proc')
    .filter((entry) => !hasEnded(entry))
    .map(({ pid }) => pid)
    .filter((pid) => readEnvironment('/proc', pid).get('CIS490_EPISODE') === episodeId);
}

/** The living processes with this word among their arguments, whatever became of their environment. */
export function called(word: string): number[] {
  return listProcesses('/proc')
    .filter((entry) => !hasEnded(entry))
    .map(({ pid }) => pid)
    .filter((pid) => argumentsOf(pid).includes(word));
}

function argumentsOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
