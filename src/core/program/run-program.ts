import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { dieWithRecorder, resolveExecutable } from '../targets/executable.js';
import { LineSplitter } from './line-splitter.js';

const MAX_LINE_BYTES = 1024 * 1024;
/** A collector has two seconds for its `stop`: this leaves room for the SIGKILL behind it. */
const GRACE_MS = 1_000;
/** What inherited the pipes may hold them open after the program is gone. */
const DRAIN_MS = 200;

export interface ProgramExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ProgramOptions {
  /** The program, looked up in PATH or a path from `cwd`, and its arguments. */
  readonly argv: readonly string[];
  readonly cwd?: string;
  /** Added to the thread's own, which is a few harmless variables. */
  readonly env?: Readonly<Record<string, string>>;
  /** Each line of its standard output, without the line feed. */
  onLine(line: Buffer): void;
  /** A line of more than 1 MiB, which was dropped. */
  onLongLine?(bytes: number): void;
  /** What it says on standard error, as it comes. */
  onStderr?(chunk: Buffer): void;
  /** It ended: by itself, or by `stop`. Called once, after its last line. */
  onExit?(exit: ProgramExit): void;
  /** How it is asked to end; SIGTERM unless told. */
  readonly stopSignal?: NodeJS.Signals;
}

export interface Program {
  readonly pid: number;
  /** Resolves after the last line was passed on. */
  readonly exited: Promise<ProgramExit>;
  /** Asks it, and all of its process group, to end; after a second kills them. Idempotent. */
  stop(): Promise<ProgramExit>;
}

/**
 * Runs a program as the source of a stream: its lines on standard output, no standard input, a process group of its own,
 * and an end with the thread that started it even if that is killed (where setpriv(1) of util-linux is installed).
 * Throws the system's error, such as ENOENT, if it can't be started.
 */
export async function runProgram({
  argv,
  cwd = '/',
  env = {},
  onLine,
  onLongLine = () => {},
  onStderr = () => {},
  onExit = () => {},
  stopSignal = 'SIGTERM',
}: ProgramOptions): Promise<Program> {
  if (statSync(cwd, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw Object.assign(new Error(`there is no folder ${cwd} to run "${argv[0]}" in`), { code: 'ENOENT' });
  const executable = resolveExecutable(argv[0] ?? '', cwd, env.PATH);
  if (executable === null)
    throw Object.assign(new Error(`no program "${argv[0]}" that can be run`), { code: 'ENOENT' });
  const [program, ...args] = [...dieWithRecorder(), executable, ...argv.slice(1)] as [string, ...string[]];
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines = new LineSplitter({ maxBytes: MAX_LINE_BYTES, onLine, onLongLine });
  child.stdout?.on('data', (chunk: Buffer) => lines.write(chunk));
  child.stderr?.on('data', onStderr);
  const ended = untilEnd(child);
  await once(child, 'spawn');
  child.on('error', () => {}); // a failed kill; the exit is what counts
  const exited = ended.then((exit) => {
    lines.end();
    return exit;
  });
  void exited.then(onExit); // what it throws is uncaught, and so ends the collector
  let stopping: Promise<ProgramExit> | undefined;
  return {
    pid: child.pid!,
    exited,
    stop: () => (stopping ??= hasExited(child) ? exited : endGroup(child, stopSignal, exited)),
  };
}

/** Its exit, and the end of what it printed. */
async function untilEnd(child: ChildProcess): Promise<ProgramExit> {
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const exit = await new Promise<ProgramExit>((resolve) =>
    child.once('exit', (code, signal) => resolve({ code, signal })),
  );
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    // a turn of the loop later: where it was busy for so long, what is in the pipe has not been read yet
    timer = setTimeout(() => setImmediate(resolve), DRAIN_MS);
  });
  await Promise.race([closed, timeout]);
  clearTimeout(timer);
  child.stdout?.destroy();
  child.stderr?.destroy();
  signalGroup(child.pid!, 'SIGKILL'); // what it left behind
  return exit;
}

async function endGroup(
  { pid }: ChildProcess,
  stopSignal: NodeJS.Signals,
  exited: Promise<ProgramExit>,
): Promise<ProgramExit> {
  signalGroup(pid!, stopSignal);
  const timer = setTimeout(() => signalGroup(pid!, 'SIGKILL'), GRACE_MS);
  return exited.finally(() => clearTimeout(timer));
}

const hasExited = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;

/** While the program lives, or has just ended, the number is its group's: the kernel gives it to nobody else so soon. */
function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // nobody is left
  }
}
