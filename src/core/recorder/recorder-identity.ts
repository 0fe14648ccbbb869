import { hasEnded, readProcessStat } from '../procfs/process-stat.js';
import { bootId } from './boot-id.js';
import { pidNamespace } from './owner-mark.js';

/** Which process records an episode. In meta.json it is the lock. */
export interface RecorderIdentity {
  readonly pid: number;
  readonly start_time_ticks: bigint;
  readonly boot_id: string | null;
  /** The number of the pid namespace in which the pid counts; missing in episodes that are older than this key. */
  readonly pid_namespace?: string;
}

export function ownIdentity(): RecorderIdentity {
  return {
    pid: process.pid,
    start_time_ticks: readProcessStat('/proc', 'self')?.startTimeTicks ?? 0n,
    boot_id: bootId(),
    pid_namespace: pidNamespace(),
  };
}

/** `elsewhere`: of another boot, or in another container, so that nothing here can tell. */
export function recorderState(recorder: RecorderIdentity): 'alive' | 'dead' | 'elsewhere' {
  const { pid, start_time_ticks: startTime, boot_id: boot, pid_namespace: namespace = pidNamespace() } = recorder;
  if (boot !== bootId() || namespace !== pidNamespace()) return 'elsewhere';
  const stat = readProcessStat('/proc', Number(pid));
  return stat !== null && !hasEnded(stat) && stat.startTimeTicks === BigInt(startTime) ? 'alive' : 'dead';
}
