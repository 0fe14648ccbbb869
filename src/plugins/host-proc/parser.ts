import { type FileReading, type RowOf, readInteger, timesExactly } from '../../index.js';
import { afterComm, skipFields } from '../../procfs.js';
import type { FIELDS } from './fields.js';

type Row = RowOf<typeof FIELDS>;
type Count = number | bigint;

const NEWLINE = 0x0a;
const COLON = 0x3a;
/** Lines of status that may stand behind the context switches (x86_Thread_features and the like). */
const STATUS_TAIL_LINES = 8;

/**
 * The row from /proc/PID/{stat,io,status}, taken from the bytes: this runs at up to 1 kHz, and strings would cost more
 * than the system calls do. Null if stat is empty, torn, or has fewer fields than proc_pid_stat(5) lists.
 */
export function parseHostProc(
  stat: FileReading,
  io: FileReading,
  status: FileReading,
  pageSizeBytes: number,
): Row | null {
  const fields = isWhole(stat) ? statFields(stat.bytes, stat.length) : null;
  if (fields === null) return null;
  const switches = contextSwitches(status.bytes, isWhole(status) ? status.length : 0);
  const storage = storageBytes(io.bytes, isWhole(io) ? io.length : 0);
  return {
    cpu_user_jiffies: fields.utime,
    cpu_sys_jiffies: fields.stime,
    rss_bytes: timesExactly(fields.rss, pageSizeBytes),
    vsize_bytes: fields.vsize,
    io_read_bytes: storage.read,
    io_write_bytes: storage.written,
    voluntary_ctxsw: switches.voluntary,
    involuntary_ctxsw: switches.involuntary,
    minor_faults: fields.minflt,
    major_faults: fields.majflt,
  };
}

/** Each of the files ends in a line feed: without it a number may have been cut short. */
const isWhole = ({ bytes, length }: FileReading): boolean => bytes[length - 1] === NEWLINE;

interface StatFields {
  minflt: Count;
  majflt: Count;
  utime: Count;
  stime: Count;
  vsize: Count;
  rss: Count;
}

/** Only those that the row needs. */
function statFields(bytes: Uint8Array, length: number): StatFields | null {
  let at = afterComm(bytes, length);
  if (at < 0) return null;
  at = skipFields(bytes, at, length, 10 - 3);
  const minflt = readInteger(bytes, at, length);
  at = skipFields(bytes, at, length, 2);
  const majflt = readInteger(bytes, at, length);
  at = skipFields(bytes, at, length, 2);
  const utime = readInteger(bytes, at, length);
  at = skipFields(bytes, at, length, 1);
  const stime = readInteger(bytes, at, length);
  at = skipFields(bytes, at, length, 23 - 15);
  const vsize = readInteger(bytes, at, length);
  at = skipFields(bytes, at, length, 1);
  const rss = readInteger(bytes, at, length);
  if (minflt === null || majflt === null || utime === null || stime === null || vsize === null || rss === null)
    return null;
  return { minflt, majflt, utime, stime, vsize, rss };
}

/** The two counts stand near the end of a file of 1.5 KB, so it is read line by line from there. */
function contextSwitches(bytes: Uint8Array, length: number): { voluntary: Count | null; involuntary: Count | null } {
  let voluntary: Count | null = null;
  let involuntary: Count | null = null;
  let end = length;
  for (let line = 0; line < STATUS_TAIL_LINES && end > 0; line++) {
    let start = end - 1;
    while (start > 0 && bytes[start - 1] !== NEWLINE) start--;
    if (isVoluntary(bytes, start)) {
      voluntary = countOf(bytes, start, end);
      break;
    }
    // "nonvoluntary_ctxt_switches"
    if (bytes[start] === 0x6e && bytes[start + 1] === 0x6f && isVoluntary(bytes, start + 3))
      involuntary = countOf(bytes, start, end);
    end = start;
  }
  return { voluntary, involuntary };
}

/** Whether "voluntary_" stands at `at`. */
function isVoluntary(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0x76 && bytes[at + 1] === 0x6f && bytes[at + 2] === 0x6c && bytes[at + 9] === 0x5f;
}

function countOf(bytes: Uint8Array, start: number, end: number): Count | null {
  let at = start;
  while (at < end && bytes[at] !== COLON) at++;
  return readInteger(bytes, at + 1, end);
}

/** `read_bytes` and `write_bytes`, each at the start of its line: `cancelled_write_bytes` is another. */
function storageBytes(bytes: Uint8Array, length: number): { read: Count | null; written: Count | null } {
  let read: Count | null = null;
  let written: Count | null = null;
  for (let at = 0; at < length; ) {
    const isRead = bytes[at] === 0x72 && bytes[at + 4] === 0x5f; // "read_"
    const isWrite = bytes[at] === 0x77 && bytes[at + 5] === 0x5f; // "write_"
    let end = at;
    while (end < length && bytes[end] !== NEWLINE) end++;
    if (isRead) read = countOf(bytes, at, end);
    else if (isWrite) written = countOf(bytes, at, end);
    at = end + 1;
  }
  return { read, written };
}
