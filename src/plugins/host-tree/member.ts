import { plusExactly } from '../../index.js';
import type { StatRecord } from '../../procfs.js';

export type Count = number | bigint;

/** The counters that are summed, as indices of `Member.used`. The first four are also told of waited-for children alone. */
export const USER = 0;
export const SYS = 1;
export const MINFLT = 2;
export const MAJFLT = 3;
export const READ = 4;
export const WRITE = 5;
export const COUNTERS = 6;
const REAPED_COUNTERS = 4;

/** A process of the tree, from when it is found until it is gone. Its pid and start time name it for ever. */
export class Member {
  readonly pid: number;
  /** The last reading; null before the first. */
  stat: StatRecord | null = null;
  /** Whether `used[READ]` and `used[WRITE]` are of the last reading. */
  hasIo = false;
  /** Its own and its waited-for children's, as last read. */
  readonly used: Count[] = new Array(COUNTERS).fill(0);
  /** Its waited-for children's alone. */
  readonly reaped: Count[] = new Array(REAPED_COUNTERS).fill(0);
  /** The same as of the former tick; zeros in the first. */
  readonly usedBefore: Count[] = new Array(COUNTERS).fill(0);
  readonly reapedBefore: Count[] = new Array(REAPED_COUNTERS).fill(0);
  /** Its parent when last read, which may be gone by now; null if that is no member. */
  parent: Member | null = null;
  isGone = false;

  constructor(pid: number) {
    this.pid = pid;
  }

  take(stat: StatRecord): void {
    const { used, reaped } = this;
    this.stat = stat;
    reaped[USER] = stat.cutime;
    reaped[SYS] = stat.cstime;
    reaped[MINFLT] = stat.cminflt;
    reaped[MAJFLT] = stat.cmajflt;
    used[USER] = plus(stat.utime, stat.cutime);
    used[SYS] = plus(stat.stime, stat.cstime);
    used[MINFLT] = plus(stat.minflt, stat.cminflt);
    used[MAJFLT] = plus(stat.majflt, stat.cmajflt);
  }

  takeIo(read: Count, written: Count): void {
    this.used[READ] = read;
    this.used[WRITE] = written;
    this.hasIo = true;
  }

  /** Whether it has waited for a child since the former tick: no process ends without a page fault. */
  get hasReaped(): boolean {
    const { reaped, reapedBefore } = this;
    for (let i = 0; i < REAPED_COUNTERS; i++) if (reaped[i]! > reapedBefore[i]!) return true;
    return false;
  }

  /** Ends the tick. */
  commit(): void {
    for (let i = 0; i < COUNTERS; i++) this.usedBefore[i] = this.used[i]!;
    for (let i = 0; i < REAPED_COUNTERS; i++) this.reapedBefore[i] = this.reaped[i]!;
  }
}

export const plus = (a: Count, b: Count): Count => plusExactly(a, b) as Count;

/** `a - b`, at least 0, without rounding. */
export function excess(a: Count, b: Count): Count {
  if (a <= b) return 0;
  return typeof a === 'number' && typeof b === 'number' ? a - b : BigInt(a) - BigInt(b);
}
