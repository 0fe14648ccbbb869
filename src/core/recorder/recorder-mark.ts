import { hasEnded, readProcessStat } from '../procfs/process-stat.js';

/** This process, as what it starts and makes is marked with it: pid and start time. */
export function recorderMark(): string {
  return `${process.pid}:${readProcessStat('/proc', 'self')?.startTimeTicks ?? 0n}`;
}

/** Whether the recorder with this mark still runs. */
export function isRecorderAlive(recorder: string): boolean {
  const [pid, startTime] = recorder.split(':');
  const stat = readProcessStat('/proc', Number(pid));
  return stat !== null && String(stat.startTimeTicks) === startTime && !hasEnded(stat);
}
