import { readFileSync } from 'node:fs';
import { CisError } from '../errors/cis-error.js';
import { readProcessLink } from '../procfs/process-list.js';
import { hasEnded, readProcessStat } from '../procfs/process-stat.js';
import { redactArgv } from '../redaction/redact-argv.js';
import { localTarget } from './local-target.js';
import { ProcessWatch } from './process-watch.js';
import type { Target } from './target.js';
import { isVmm } from './vmm.js';

const PROC = '/proc';

/** A process that runs already, and goes on afterwards. Throws TARGET_NOT_FOUND. */
export function attachToPid(pid: number, vm: boolean | undefined): Target {
  const stat = readProcessStat(PROC, pid);
  if (stat === null || hasEnded(stat)) throw new CisError('TARGET_NOT_FOUND', `there is no process with pid ${pid}`);
  const exe = readProcessLink(PROC, pid, 'exe');
  const watch = new ProcessWatch(pid);
  return localTarget({
    view: { type: 'pid', pid, startTimeTicks: stat.startTimeTicks },
    facts: {
      type: 'pid',
      pid,
      start_time_ticks: stat.startTimeTicks,
      comm: stat.comm,
      exe,
      argv: readArgv(pid),
      is_vm: vm ?? isVmm(exe ?? stat.comm),
    },
    release() {},
    droppedBytes: () => 0,
    exited: watch.ended.then(() => ({ code: null, signal: null })),
    async close() {
      watch.close();
      return true;
    },
  });
}

function readArgv(pid: number): string[] | null {
  try {
    return redactArgv(readFileSync(`${PROC}/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1));
  } catch {
    return null;
  }
}
