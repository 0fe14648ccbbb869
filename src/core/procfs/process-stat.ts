import { readFileSync } from 'node:fs';
import { errorCode } from '../errors/describe-error.js';

/** What the host itself needs of /proc/PID/stat: is it alive, and which process is it? */
export interface ProcessStat {
  readonly comm: string;
  /** One letter, proc_pid_stat(5), field 3. */
  readonly state: string;
  readonly ppid: number;
  readonly pgrp: number;
  readonly session: number;
  readonly threads: number;
  readonly startTimeTicks: bigint;
}

/** Fields are counted from the last ")": `comm` may hold spaces and parentheses. Null if the text is torn. */
export function parseProcessStat(text: string): ProcessStat | null {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  const fields = text.slice(close + 2).split(' ');
  // the 22nd is whole if another follows
  if (open < 0 || close < open || fields.length <= 20 || !/^\d+$/.test(fields[19]!)) return null;
  const field = (number: number) => fields[number - 3]!;
  return {
    comm: text.slice(open + 1, close),
    state: field(3),
    ppid: Number(field(4)),
    pgrp: Number(field(5)),
    session: Number(field(6)),
    threads: Number(field(20)),
    startTimeTicks: BigInt(field(22)),
  };
}

/** Null if there is no such process. Throws EMFILE or ENFILE: then nothing is known of it. */
export function readProcessStat(procRoot: string, pid: number | 'self'): ProcessStat | null {
  try {
    return parseProcessStat(readFileSync(`${procRoot}/${pid}/stat`, 'latin1'));
  } catch (error) {
    if (['EMFILE', 'ENFILE'].includes(errorCode(error))) throw error;
    return null;
  }
}

export function startTimeTicks(procRoot: string, pid: number): bigint | null {
  return readProcessStat(procRoot, pid)?.startTimeTicks ?? null;
}

/** Whether the process has ended: dead, or a zombie whose other threads are gone too (a zombie leader may have live threads). */
export function hasEnded({ state, threads }: ProcessStat): boolean {
  return state === 'X' || state === 'x' || (state === 'Z' && threads <= 1);
}

/** Whether this very process is gone: ended, or its pid is another's by now. Without a start time the pid alone counts. */
export function isGone(procRoot: string, pid: number, startTime: bigint | null): boolean {
  const stat = readProcessStat(procRoot, pid);
  return stat === null || hasEnded(stat) || (startTime !== null && stat.startTimeTicks !== startTime);
}
