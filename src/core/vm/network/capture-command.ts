import { dieWithRecorder } from '../../targets/executable.js';
import { TAP } from '../qemu-arguments.js';
import { findUser, type SystemUser } from '../system-user.js';
import { requireTool } from './tools.js';

/** KiB; what comes while this process is busy waits there. */
const KERNEL_BUFFER = 16 * 1024;
/** The package tcpdump makes the first; neither is QEMU's own, where that can be had. */
const USERS = ['tcpdump', 'nobody'];

/** Throws LAB_TOOL_MISSING. */
export function requireCaptureTools(): void {
  for (const tool of ['nsenter', 'setpriv', 'tcpdump'] as const) requireTool(tool);
}

/**
 * tcpdump as a user of its own, with the one capability that it needs and no way to more. Its "-Z" would do less: giving
 * up root by itself, it would no longer die with the recorder (PR_SET_PDEATHSIG is cleared by setuid).
 */
export function captureCommand(qemuPid: number, user: SystemUser | null = findUser(USERS)): string[] {
  const [setpriv, ...dieWith] = dieWithRecorder();
  const rights =
    user === null
      ? []
      : [
          ...['--reuid', String(user.uid), '--regid', String(user.gid), '--clear-groups', '--no-new-privs'],
          ...['--inh-caps', '-all,+net_raw', '--ambient-caps', '-all,+net_raw', '--bounding-set', '-all,+net_raw'],
        ];
  return [
    ...[requireTool('nsenter'), `--net=/proc/${qemuPid}/ns/net`, '--'],
    ...[setpriv ?? requireTool('setpriv'), ...rights, ...dieWith],
    ...[requireTool('tcpdump'), '-i', TAP, '-p', '-n', '-U', '-w', '-', '-B', String(KERNEL_BUFFER)],
    ...['--immediate-mode', '--time-stamp-precision=nano'],
  ];
}
