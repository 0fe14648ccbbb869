import { chownSync, copyFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { SANDBOX } from '../../vm/qemu-arguments.js';
import { asUser } from '../../vm/qemu-process.js';
import { createRunFolder, type RunFolder } from '../../vm/run-folder.js';
import type { SystemUser } from '../../vm/system-user.js';
import type { LabImage } from '../image/read-image.js';
import { describeFailure, runTool, type ToolResult } from '../run-tool.js';

/** Under KVM the image is up in a second or two; this leaves room for a busy machine. */
const TIMEOUT_MS = 20_000;
/** QEMU stops a guest that KVM gives up on, and waits for somebody to look at it. */
const GIVEN_UP = /KVM internal error|KVM: entry failed/;
const MARK = 'cis490-guest-is-up';
const OVER = new RegExp(`${GIVEN_UP.source}|${MARK}`);
/** What the boot sector writes to the debug port; QEMU exits with twice that and one. */
const CODE = 0x2a;
/** The firmware does not boot from a disk of one sector. */
const DISK_BYTES = 1 << 20;

const MACHINE = ['-M', 'q35', '-m', '256', '-nodefaults', '-no-user-config'];
/** As the target uses it; TCG is for tests, on a machine that has no KVM. */
const ACCELERATORS = { kvm: ['-accel', 'kvm', '-cpu', 'host'], tcg: ['-accel', 'tcg', '-cpu', 'qemu64'] };
const SILENT = ['-sandbox', SANDBOX, '-display', 'none', '-nic', 'none', '-no-reboot'];

export interface TrialResult {
  readonly isBooted: boolean;
  /** Whether it was given up because its time was over. */
  readonly isLate: boolean;
  readonly reason: string;
}

interface TrialOptions {
  readonly qemu: string;
  readonly accel?: keyof typeof ACCELERATORS;
  /** Whom it runs as, as the target's does. */
  readonly user: SystemUser | null;
  readonly signal?: AbortSignal;
  /** For tests, which emulate what boots. */
  readonly timeoutMs?: number;
}

/** Boots the lab's image as far as its first process, which prints a word in the place of the guest's init. */
export function bootImage({
  image: { kernelPath, initrdPath },
  ...options
}: TrialOptions & { readonly image: LabImage }): Promise<TrialResult> {
  const append = `console=ttyS0 quiet panic=-1 rdinit=/bin/busybox -- echo ${MARK}`;
  const boot = (run: RunFolder) => {
    const [kernel, initrd] = [kernelPath, initrdPath].map((path) => reachable(path, run, options.user));
    return ['-serial', 'stdio', '-kernel', kernel!, '-initrd', initrd!, '-append', append];
  };
  return tryBoot(options, boot, ({ stdout }) => stdout.includes(MARK));
}

/** Where QEMU's user gets to it. */
function reachable(path: string, run: RunFolder, user: SystemUser | null): string {
  if (user === null) return path;
  const copy = run.file(basename(path));
  copyFileSync(path, copy);
  chownSync(copy, user.uid, user.gid);
  return copy;
}

/** Without an image: a boot sector in real mode, which tells of itself by QEMU's exit code. */
export function bootSector(options: TrialOptions): Promise<TrialResult> {
  const boot = (run: RunFolder) => {
    const path = run.file('sector');
    writeFileSync(path, sector());
    if (options.user !== null) chownSync(path, options.user.uid, options.user.gid);
    return ['-drive', `file=${path},format=raw,if=ide`, '-device', 'isa-debug-exit,iobase=0x501'];
  };
  return tryBoot(options, boot, ({ code }) => code === 2 * CODE + 1);
}

/** In a private folder, which also takes the core of a QEMU that aborts; of a recorder that is killed the next start removes it. */
async function tryBoot(
  { qemu, accel = 'kvm', user, signal, timeoutMs = TIMEOUT_MS }: TrialOptions,
  boot: (run: RunFolder) => string[],
  hasBooted: (result: ToolResult) => boolean,
): Promise<TrialResult> {
  const run = createRunFolder(user);
  try {
    const words = [...asUser(user), qemu, ...MACHINE, ...ACCELERATORS[accel], ...SILENT, ...boot(run)];
    const result = await runTool(words as [string, ...string[]], {
      timeoutMs,
      cwd: run.path,
      endWhen: OVER,
      ...(signal === undefined ? {} : { signal }),
    });
    return judge(result, hasBooted(result));
  } finally {
    run.remove();
  }
}

/** `mov dx, 0x501; mov al, CODE; out dx, al`, then it halts for good. */
function sector(): Buffer {
  const bytes = Buffer.alloc(DISK_BYTES);
  bytes.set([0xba, 0x01, 0x05, 0xb0, CODE, 0xee, 0xfa, 0xf4, 0xeb, 0xfd]);
  bytes.set([0x55, 0xaa], 510);
  return bytes;
}

function judge(result: ToolResult, isBooted: boolean): TrialResult {
  const told = result.stderr.split('\n').find((line) => GIVEN_UP.test(line));
  return { isBooted, isLate: !isBooted && result.isLate, reason: told ?? lastLine(describeFailure(result)) };
}

const lastLine = (text: string): string => text.split('\n').at(-1)!.slice(-300);
