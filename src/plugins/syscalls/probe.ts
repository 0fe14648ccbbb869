import { spawnSync } from 'node:child_process';
import { accessSync, readFileSync, readlinkSync } from 'node:fs';
import type { CollectorContext, ProbeResult } from '../../index.js';
import { missingCapabilities } from '../../procfs.js';
import { intervalProblem } from '../../program.js';
import type { SyscallsOptions } from './program.js';

/** A machine that is busy takes seconds; the host gives a probe ten. */
const TRIAL_MS = 8_000;
/** Printing its maps takes bpftrace a few milliseconds. */
const LEAST_MS = 10;
/** The first pid namespace of a machine always has this number (include/linux/proc_ns.h, PROC_PID_INIT_INO). */
const INITIAL_PID_NAMESPACE = 'pid:[4026531836]';

/** Can bpftrace, which the host has looked for, count here? Cheap questions first; at last it is asked to run a program that ends at once. */
export function probeSyscalls(context: CollectorContext<SyscallsOptions>): ProbeResult {
  const { proc, sys } = context.roots;
  const lacking = lackingPrivileges(orNull(() => readFileSync(`${proc}/self/status`, 'latin1')));
  if (lacking !== null) return unavailable(lacking, 'run cis490 as root, in a container with CAP_BPF and CAP_PERFMON');
  if (orNull(() => readFileSync(`${proc}/sys/kernel/unprivileged_bpf_disabled`)) === null)
    return unavailable('this kernel has no bpf(2)', 'a kernel with CONFIG_BPF_SYSCALL and CONFIG_BPF_EVENTS');
  const namespace = orNull(() => readlinkSync(`${proc}/self/ns/pid`));
  if (namespace !== null && namespace !== INITIAL_PID_NAMESPACE)
    return unavailable(
      'it runs in a pid namespace of its own (a container), whose process ids the kernel does not count by',
      'run cis490 on the host, or its container with the pid namespace of the host',
    );
  if (!hasTracepoints(sys))
    return unavailable(
      'the tracepoints raw_syscalls of tracefs can not be read',
      'mount -t tracefs tracefs /sys/kernel/tracing; a kernel with CONFIG_FTRACE_SYSCALLS',
    );
  return intervalProblem('bpftrace', LEAST_MS, context) ?? tryBpftrace();
}

/** bpftrace 0.17 wants to be root; root in a container may lack the rights. */
function lackingPrivileges(status: string | null): string | null {
  if (status === null) return null;
  const uid = /^Uid:\s+\d+\s+(\d+)/m.exec(status)?.[1];
  if (uid !== undefined && uid !== '0') return `bpftrace runs as root only, and this is user ${uid}`;
  const lacking = missingCapabilities(status, ['CAP_BPF', 'CAP_PERFMON']);
  const isAdmin = missingCapabilities(status, ['CAP_SYS_ADMIN']).length === 0;
  return isAdmin || lacking.length === 0 ? null : `it lacks ${lacking.join(' and ')}`;
}

function hasTracepoints(sysRoot: string): boolean {
  return ['kernel/tracing', 'kernel/debug/tracing'].some(
    (folder) => orNull(() => accessSync(`${sysRoot}/${folder}/events/raw_syscalls/sys_enter`) ?? true) !== null,
  );
}

function tryBpftrace(): ProbeResult {
  const { status, error, stderr } = spawnSync('bpftrace', ['-f', 'json', '-e', 'BEGIN { exit(); }'], {
    cwd: '/',
    encoding: 'utf8',
    timeout: TRIAL_MS,
    killSignal: 'SIGKILL',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (status === 0) return { status: 'ok' };
  return unavailable(
    `bpftrace does not run here: ${error?.message ?? (stderr.trim().slice(-500) || `exit code ${status}`)}`,
    'a kernel with CONFIG_BPF_EVENTS and CONFIG_UPROBES, and no lockdown',
  );
}

function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}

const unavailable = (reason: string, remedy: string): ProbeResult => ({ status: 'unavailable', reason, remedy });
