export interface SyscallsOptions {
  readonly follow_children: boolean;
}

/** The largest number that is counted on its own: no architecture has more, and a map has room for 4096. */
const MAX_NUMBER = 1023;
/** linux/sched.h: the new task is a thread of the same process. */
const CLONE_THREAD = 0x10000;
/** include/linux/err.h, MAX_ERRNO: what is below is a value, such as an address. */
const MAX_ERRNO = 4095;

/**
 * The program for bpftrace(8). It counts by turns in two sets of maps: at the end of an interval the kernel goes over to
 * the other set, and bpftrace has the whole next interval for reading this one, which stands still. So a row is cut at
 * the instant that it tells, however late bpftrace is. No map is ever cleared, and the collector subtracts: what is
 * counted between a reading and a clearing would be lost. `@p` holds the processes that are followed, until the kernel
 * forgets them (sched_process_free): at sched_process_exit threads of theirs may live on.
 */
export function bpftraceProgram(pid: number, everyMs: number, { follow_children: follows }: SyscallsOptions): string {
  return `
BEGIN { @p[(uint64)${pid}] = 1; @odd = 0; }
tracepoint:raw_syscalls:sys_enter /@p[pid]/ { ${counted('c')} }
tracepoint:raw_syscalls:sys_exit /@p[pid]/ {
  $r = args->ret; if ($r < 0 && $r >= -${MAX_ERRNO}) { ${counted('e')} }
}
${follows ? FOLLOW : ''}
tracepoint:sched:sched_process_free /@p[(uint64)args->pid]/ { delete(@p[(uint64)args->pid]); @x = count(); }
interval:ms:${everyMs} {
  if (@odd) { @odd = 0; ${printed(1)} } else { @odd = 1; ${printed(0)} }
  ${follows ? 'print(@f); ' : ''}print(@x); printf("end\\n");
}
`;
}

/** In the parent, before the child runs. */
const FOLLOW = `
tracepoint:task:task_newtask /@p[pid]/ {
  if ((args->clone_flags & ${CLONE_THREAD}) == 0) { @p[(uint64)args->pid] = 1; @f = count(); }
}`;

/** The number goes into a variable first: what LLVM makes of it else, the kernel's verifier refuses. */
function counted(map: 'c' | 'e'): string {
  const number = `$n = args->id; if ($n < 0 || $n > ${MAX_NUMBER}) { $n = -1; }`;
  return `${number} if (@odd) { @${map}1[$n] = count(); } else { @${map}0[$n] = count(); }`;
}

const printed = (set: 0 | 1) => `printf("begin ${set} %llu\\n", nsecs); print(@c${set}); print(@e${set});`;
