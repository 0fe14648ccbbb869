import { readInteger } from '../contract/read-integer.js';

type Count = number | bigint;

/** What /proc/PID/stat and /proc/PID/task/TID/stat say, under the names of proc_pid_stat(5). Times in clock ticks. */
export interface StatRecord {
  readonly pid: number;
  readonly comm: string;
  /** One letter. */
  readonly state: string;
  readonly ppid: number;
  readonly minflt: Count;
  /** Of children that were waited for, and theirs; so are `cmajflt`, `cutime` and `cstime`. */
  readonly cminflt: Count;
  readonly majflt: Count;
  readonly cmajflt: Count;
  readonly utime: Count;
  readonly stime: Count;
  readonly cutime: Count;
  readonly cstime: Count;
  readonly numThreads: Count;
  /** Since boot. */
  readonly starttime: Count;
  /** In bytes. */
  readonly vsize: Count;
  /** In pages. */
  readonly rss: Count;
  /** The CPU it last ran on. */
  readonly processor: Count;
}

const SPACE = 0x20;
const CLOSE = 0x29;
const NEWLINE = 0x0a;
const MINUS = 0x2d;
/** `comm` is at most 15 bytes for a process and 64 for a kernel worker (proc/array.c), behind a pid and "(". */
const COMM_END_LIMIT = 96;

/**
 * Where field 3, the state, begins; -1 if there is none. `comm` may hold spaces and parentheses, and is the only field
 * that may: all others are counted from its last ")".
 */
export function afterComm(bytes: Uint8Array, length: number): number {
  let at = Math.min(length, COMM_END_LIMIT) - 1;
  while (at > 0 && bytes[at] !== CLOSE) at--;
  return at <= 0 ? -1 : at + 2;
}

/** Where the field `count` fields behind the one at `from` begins. */
export function skipFields(bytes: Uint8Array, from: number, end: number, count: number): number {
  let at = from;
  for (let left = count; left > 0 && at < end; at++) if (bytes[at] === SPACE) left--;
  return at;
}

/** The whole record, straight from the bytes. Null if it is empty, torn, or shorter than proc_pid_stat(5) has it. */
export function readStatRecord(bytes: Buffer, length: number): StatRecord | null {
  if (bytes[length - 1] !== NEWLINE) return null;
  let at = afterComm(bytes, length);
  if (at < 0) return null;
  const open = bytes.indexOf(0x28);
  const pid = readInteger(bytes, 0, open);
  const comm = bytes.toString('latin1', open + 1, at - 2);
  const state = String.fromCharCode(bytes[at]!);
  let isWhole = pid !== null && open > 0;
  let field = 3;
  const next = (number: number): Count => {
    at = skipFields(bytes, at, length, number - field);
    field = number;
    const isNegative = bytes[at] === MINUS; // cutime of a clock that went back, priority, and the like
    const value = readInteger(bytes, isNegative ? at + 1 : at, length);
    if (value === null) isWhole = false;
    return value === null || isNegative ? 0 : value;
  };
  const record: StatRecord = {
    pid: Number(pid),
    comm,
    state,
    ppid: Number(next(4)),
    minflt: next(10),
    cminflt: next(11),
    majflt: next(12),
    cmajflt: next(13),
    utime: next(14),
    stime: next(15),
    cutime: next(16),
    cstime: next(17),
    numThreads: next(20),
    starttime: next(22),
    vsize: next(23),
    rss: next(24),
    processor: next(39),
  };
  return isWhole ? record : null;
}
