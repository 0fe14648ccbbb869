import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { type ProcessStat, readProcessStat } from './process-stat.js';

export interface ProcessEntry extends ProcessStat {
  readonly pid: number;
}

/** Every process there is. */
export function listProcesses(procRoot: string): ProcessEntry[] {
  return readdirSync(procRoot)
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const stat = readProcessStat(procRoot, Number(name));
      return stat === null ? [] : [{ ...stat, pid: Number(name) }];
    });
}

/** The pid that was given last, of threads too (proc_loadavg(5), the fifth field). */
export function newestPid(procRoot: string): number {
  return Number(readFileSync(`${procRoot}/loadavg`, 'latin1').trimEnd().split(' ').at(-1));
}

/** The environment that a process was started with; empty if it is another user's, or gone. */
export function readEnvironment(procRoot: string, pid: number): ReadonlyMap<string, string> {
  try {
    const variables = readFileSync(`${procRoot}/${pid}/environ`, 'utf8').split('\0');
    return new Map(variables.map((variable) => splitOnce(variable)));
  } catch {
    return new Map();
  }
}

function splitOnce(variable: string): [string, string] {
  const equals = variable.indexOf('=');
  return equals < 0 ? [variable, ''] : [variable.slice(0, equals), variable.slice(equals + 1)];
}

/** Whom a process acts as (the effective user); null if it is gone. */
export function readUser(procRoot: string, pid: number): number | null {
  try {
    const uid = /^Uid:\s+\d+\s+(\d+)/m.exec(readFileSync(`${procRoot}/${pid}/status`, 'latin1'))?.[1];
    return uid === undefined ? null : Number(uid);
  } catch {
    return null;
  }
}

/** A link of /proc/PID (`exe`, `ns/pid`); null if it can't be read. */
export function readProcessLink(procRoot: string, pid: number | 'self', link: string): string | null {
  try {
    return readlinkSync(`${procRoot}/${pid}/${link}`);
  } catch {
    return null;
  }
}
