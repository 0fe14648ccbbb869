export interface SyscallsOptions {
  readonly interval_ms: number;
  readonly follow_children: boolean;
}

/** The largest number that is counted on its own: no architecture has more, and a map has room for 4096. */
export const MAX_NUMBER = 1023;
/** linux/sched.h: the new task is a thread of the same process. */
const CLONE_THREAD = 0x10000;
/** include/linux/err.h, MAX_ERRNO: what is below is a value, such as an address. */
const MAX_ERRNO = 4095;

/**
 * The program for bpftrace(8). The maps are never cleared, and the collector subtracts: what is counted between two
 * prints is in the later one, so no call is lost between reading a map and clearing it. `@p` holds the processes that
 * are followed, until the kernel forgets them (sched_process_free): at sched_process_exit threads may still live.
 */
export function bpftraceProgram(pid: number, { interval_ms: intervalMs, follow_children: follows }: SyscallsOptions) {
  const number = `(args->id < 0 || args->id > ${MAX_NUMBER} ? -1 : args->id)`;
  const print = 'printf("begin %llu\\n", nsecs); print(@c); print(@e); print(@f); print(@x); printf("end\\n");';
  return `
BEGIN { @p[(uint64)${pid}] = 1; }
tracepoint:raw_syscalls:sys_enter /@p[pid]/ { @c[${number}] = count(); }
tracepoint:raw_syscalls:sys_exit /@p[pid]/ {
  if (args->ret < 0 && args->ret >= -${MAX_ERRNO}) { @e[${number}] = count(); }
}
${follows ? FOLLOW : ''}
tracepoint:sched:sched_process_free /@p[(uint64)args->pid]/ { delete(@p[(uint64)args->pid]); @x = count(); }
interval:ms:${intervalMs} { ${print} }
END { ${print} clear(@c); clear(@e); clear(@p); }
`;
}

/** In the parent, before the child runs. */
const FOLLOW = `
tracepoint:task:task_newtask /@p[pid]/ {
  if ((args->clone_flags & ${CLONE_THREAD}) == 0) { @p[(uint64)args->pid] = 1; @f = count(); }
}`;
