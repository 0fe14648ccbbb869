import { readdirSync, readFileSync } from 'node:fs';

const KB = 1024;
const MB = 1e6;
/** USER_HZ, which is 100 wherever Linux runs Node (man 5 proc, time(7)). */
const NS_PER_JIFFY = 1e7;

/** What a process has at this moment; null if it is gone. `memoryMb` is what nothing but itself can free: no mapped files. */
export function readUsage(pid) {
  return orNothing(() => {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    const read = (key) => Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
    return {
      memoryMb: ((read('RssAnon') + read('RssShmem')) * KB) / MB,
      rssMb: (read('VmRSS') * KB) / MB,
      threads: read('Threads'),
      descriptors: readdirSync(`/proc/${pid}/fd`).length,
      cpuNs: readCpuNs(pid),
    };
  }, null);
}

/** CPU time of a process, of its ended threads too; to 10 ms. */
export function readCpuNs(pid) {
  const [user, system] = afterComm(pid).slice(11, 13);
  return (Number(user) + Number(system)) * NS_PER_JIFFY;
}

/** CPU time of the children that this process has waited for, and of theirs; to 10 ms. */
export function endedChildrenCpuNs() {
  const [user, system] = afterComm('self').slice(13, 15);
  return (Number(user) + Number(system)) * NS_PER_JIFFY;
}

/** The fields of stat from the third on: a name may hold spaces and parentheses. */
function afterComm(pid) {
  return readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /s, '')
    .split(' ');
}

/** All that a process has started and that is still there, by whichever of its threads; without `exceptPid` and what that has started. */
export function descendantsOf(pid, exceptPid) {
  return childrenOf(pid)
    .filter((child) => child !== exceptPid)
    .flatMap((child) => [child, ...descendantsOf(child, exceptPid)]);
}

function childrenOf(pid) {
  const threads = orNothing(() => readdirSync(`/proc/${pid}/task`), []);
  return threads.flatMap((tid) => {
    const children = orNothing(() => readFileSync(`/proc/${pid}/task/${tid}/children`, 'latin1'), '');
    return children.trim().split(' ').filter(Boolean).map(Number);
  });
}

/** Processes and threads end while they are read. */
function orNothing(read, nothing) {
  try {
    return read();
  } catch {
    return nothing;
  }
}
