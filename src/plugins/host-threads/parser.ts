import type { RowOf } from '../../index.js';
import type { StatRecord } from '../../procfs.js';
import type { FIELDS } from './fields.js';

export type ThreadRecord = RowOf<typeof FIELDS>['threads'][number];

/** hw/core/cpu and accel/: "CPU %d/KVM", "CPU %d/TCG"; one thread for all of them is "ALL CPUs/TCG". */
const VCPU = /^CPU (\d{1,4})\/(?:KVM|TCG)$/;

/** Which virtual CPU a thread of this name runs; null if it is none. QEMU names them if told `-name debug-threads=on`. */
function vcpuOf(name: string): number | null {
  const match = VCPU.exec(name);
  return match === null ? null : Number(match[1]);
}

/** A thread's record from its task/TID/stat. */
export function threadRecord(stat: StatRecord): ThreadRecord {
  return {
    tid: stat.pid,
    start_time_jiffies: stat.starttime,
    name: stat.comm,
    vcpu: vcpuOf(stat.comm),
    state: stat.state,
    cpu: stat.processor,
    cpu_user_jiffies: stat.utime,
    cpu_sys_jiffies: stat.stime,
    minor_faults: stat.minflt,
    major_faults: stat.majflt,
  };
}

/** The numbers among the names in a folder of procfs, ascending. */
export function numbersOf(names: readonly string[]): number[] {
  return names
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}
