import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { CisError } from '../errors/cis-error.js';
import { errorMessage } from '../errors/describe-error.js';
import { remedyFor } from '../lab/run-tool.js';
import { readProcessStat } from '../procfs/process-stat.js';
import { dieWithRecorder, resolveExecutable } from '../targets/executable.js';
import { endFamily } from '../targets/process-family.js';
import type { TargetExit } from '../targets/target.js';
import type { SystemUser } from './system-user.js';

export const QEMU = 'qemu-system-x86_64';
const VERSION_TIMEOUT_MS = 10_000;
/** What is kept to explain a failure. */
const TAIL_BYTES = 8192;
const SHOWN_LINES = 5;
/** What QEMU needs of the recorder's environment: nothing secret. */
const PASSED_ON = ['PATH', 'LANG', 'TMPDIR', 'XDG_RUNTIME_DIR'];

export interface QemuProcessOptions {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly user: SystemUser | null;
  /** Handed to it as descriptors 3 and above. */
  readonly fds: readonly number[];
  /** Words in front of it all, as for a network namespace. */
  readonly wrapper: readonly string[];
  readonly marks: Readonly<Record<string, string>>;
  /** What the guest's serial console says, and what QEMU says itself. */
  onConsole(chunk: Buffer): void;
  onMessage(chunk: Buffer): void;
}

/** A running QEMU: without root where it can, in a process group of its own, and gone when the recorder is. */
export class QemuProcess {
  readonly executable = requireQemu();
  readonly pid: number;
  readonly startTimeTicks: bigint | null;
  readonly exited: Promise<TargetExit>;
  readonly #child: ChildProcess;
  readonly #marks: Readonly<Record<string, string>>;
  readonly #tails = { console: '', messages: '' };
  #hasExited = false;
  #closing: Promise<boolean> | undefined;

  private constructor(child: ChildProcess, { marks, onConsole, onMessage }: QemuProcessOptions) {
    this.#child = child;
    this.#marks = marks;
    this.pid = child.pid!;
    this.startTimeTicks = readProcessStat('/proc', this.pid)?.startTimeTicks ?? null;
    // 'close' comes when its output has been read to the end
    this.exited = new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal })));
    void this.exited.then(() => (this.#hasExited = true));
    const keep = (which: 'console' | 'messages', tell: (chunk: Buffer) => void) => (chunk: Buffer) => {
      this.#tails[which] = (this.#tails[which] + chunk.toString('latin1')).slice(-TAIL_BYTES);
      tell(chunk);
    };
    child.stdout!.on('data', keep('console', onConsole));
    child.stderr!.on('data', keep('messages', onMessage));
    child.on('error', () => {}); // a failed kill; the exit is what counts
  }

  /** Throws LAB_TOOL_MISSING, TARGET_UNSTARTABLE. */
  static async start(options: QemuProcessOptions): Promise<QemuProcess> {
    const { args, cwd, user, fds, wrapper, marks } = options;
    const [program, ...rest] = [...wrapper, ...asUser(user), requireQemu(), ...args] as [string, ...string[]];
    const passedOn = PASSED_ON.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
    const child = spawn(program, rest, {
      cwd,
      env: { ...Object.fromEntries(passedOn), ...marks },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', ...fds],
    });
    await once(child, 'spawn').catch((error: unknown) => {
      throw new CisError('TARGET_UNSTARTABLE', `QEMU could not be started: ${errorMessage(error)}`, { cause: error });
    });
    return new QemuProcess(child, options);
  }

  get hasExited(): boolean {
    return this.#hasExited;
  }

  /** The last lines of what the guest's console showed. */
  get consoleTail(): string {
    return lastLines(this.#tails.console);
  }

  /** The last lines of what QEMU said. */
  get messagesTail(): string {
    return lastLines(this.#tails.messages);
  }

  /** Ends it and all that came of it. Returns whether all is gone. */
  close(): Promise<boolean> {
    this.#closing ??= (async () => {
      const leader = { pid: this.pid, startTimeTicks: this.startTimeTicks };
      const isGone = await endFamily({ leader, marks: this.#marks });
      if (isGone) await this.exited;
      this.#child.stdout!.destroy();
      this.#child.stderr!.destroy();
      return isGone;
    })();
    return this.#closing;
  }
}

let version: Promise<string> | undefined;

/** As QEMU tells it, in one line. Throws LAB_TOOL_MISSING, TARGET_UNSTARTABLE. */
export function qemuVersion(): Promise<string> {
  version ??= promisify(execFile)(requireQemu(), ['--version'], { timeout: VERSION_TIMEOUT_MS }).then(
    ({ stdout }) => stdout.split('\n', 1)[0]!,
    (error: unknown) => {
      throw new CisError('TARGET_UNSTARTABLE', `"${QEMU}" does not work here: ${lastLines(errorMessage(error))}`, {
        hint: 'Install it anew: "apt-get install --reinstall qemu-system-x86".',
        cause: error,
      });
    },
  );
  return version;
}

/** Throws LAB_TOOL_MISSING. */
export function requireQemu(): string {
  const qemu = resolveExecutable(QEMU, '/');
  if (qemu !== null) return qemu;
  throw new CisError('LAB_TOOL_MISSING', `no program "${QEMU}" was found in PATH`, { hint: remedyFor(QEMU) });
}

/**
 * Words in front of a QEMU that is to run as this user, and to end with the recorder. util-linux's setpriv gives up root
 * before it asks to die with its parent, which is the order that lasts. Throws LAB_TOOL_MISSING: it is not run as root.
 */
export function asUser(user: SystemUser | null): string[] {
  const words = dieWithRecorder();
  if (user === null) return words;
  if (words.length === 0)
    throw new CisError('LAB_TOOL_MISSING', 'QEMU is not run as root, which only "setpriv" of util-linux can give up', {
      hint: remedyFor('setpriv'),
    });
  const { uid, gid, groups } = user;
  const identity = [
    ...['--reuid', String(uid), '--regid', String(gid)],
    ...(groups.length > 0 ? ['--groups', groups.join(',')] : ['--clear-groups']),
    ...['--no-new-privs', '--inh-caps=-all', '--bounding-set=-all'],
  ];
  return [words[0]!, ...identity, ...words.slice(1)];
}

/** Of a panic what it says of itself: behind it comes only where the kernel was. */
function lastLines(text: string): string {
  const lines = text.trim().split(/\r?\n/);
  const panic = lines.findIndex((line) => line.includes('Kernel panic'));
  return (panic < 0 ? lines.slice(-SHOWN_LINES) : lines.slice(panic, panic + SHOWN_LINES)).join('\n');
}
