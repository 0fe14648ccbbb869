import { integerAfter, readInteger } from '../../index.js';
import { afterComm, skipFields, wholeLines } from '../../procfs.js';
import type { Count } from './member.js';

const SPACE = 0x20;
const ZERO = 0x30;

/**
 * Appends the pids of /proc/PID/task/TID/children, "12 34 " (proc_tid_children(5)). A number without its space was cut
 * short, and is left out.
 */
export function appendChildren(bytes: Uint8Array, length: number, pids: number[]): void {
  let pid = 0;
  for (let at = 0; at < length; at++) {
    if (bytes[at] !== SPACE) {
      pid = pid * 10 + bytes[at]! - ZERO;
      continue;
    }
    if (pid > 0) pids.push(pid);
    pid = 0;
  }
}

/** The parent that a stat tells (field 4); null if it is torn before that. */
export function parentOf(bytes: Uint8Array, length: number): number | null {
  const state = afterComm(bytes, length);
  const ppid = state < 0 ? null : readInteger(bytes, state + 2, length);
  return ppid === null || skipFields(bytes, state + 2, length, 1) >= length ? null : Number(ppid);
}

/** What /proc/PID/io tells of storage; null if a line is missing or cut. */
export function parseIo(bytes: Buffer, length: number): { read: Count; written: Count } | null {
  const lines = wholeLines({ bytes, length });
  const read = integerAfter(lines, '\nread_bytes:');
  const written = integerAfter(lines, '\nwrite_bytes:');
  return read === null || written === null ? null : { read, written };
}
