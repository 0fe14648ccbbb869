import { readProcessLink } from '../procfs/process-list.js';
import { bootId } from './boot-id.js';
import { isRecorderAlive, recorderMark } from './recorder-mark.js';

const MARK = /^([0-9a-f]{8}-\d+)-(\d+)-(\d+)$/;

/**
 * Tells in the name of a file whose it is: `<boot>-<pid namespace>-<pid>-<start time>`, with nothing to be half-written.
 * The pid alone would tell nothing to another machine that shares the folder.
 */
export function ownerMark(): string {
  return `${pidSpace()}-${recorderMark().replace(':', '-')}`;
}

/** The form of a mark, for patterns of names that have one. */
export const OWNER_MARK = String.raw`[0-9a-f]{8}-\d+-\d+-\d+`;

/** Whether the recorder of this mark was killed. Those of other boots, machines and containers can't be judged: they count as alive. */
export function isAbandoned(mark: string): boolean {
  const [, space, pid, startTime] = MARK.exec(mark) ?? [];
  return space === pidSpace() && !isRecorderAlive(`${pid}:${startTime}`);
}

/** Where a pid counts. Of the boot id the beginning: names of sockets are short. */
const pidSpace = (): string => `${(bootId() ?? '00000000').slice(0, 8)}-${pidNamespace()}`;

/** The number of this process's pid namespace: pids of another name other processes. */
export function pidNamespace(): string {
  return /\d+/.exec(readProcessLink('/proc', 'self', 'ns/pid') ?? '')?.[0] ?? '0';
}
