import { CisError } from '../errors/cis-error.js';
import { errorCode } from '../errors/describe-error.js';
import { runProgram } from '../program/run-program.js';
import { resolveExecutable } from '../targets/executable.js';

/** More than any of the tools prints; a runaway's output ends here. */
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;
/** What of standard error goes into a message. */
const STDERR_TAIL = 2_000;

/** The Debian package of each program that the lab runs. */
const PACKAGES: Readonly<Record<string, string>> = {
  'apt-cache': 'apt',
  'apt-get': 'apt',
  bpftrace: 'bpftrace',
  cpio: 'cpio',
  'dpkg-deb': 'dpkg',
  ip: 'iproute2',
  perf: 'linux-perf',
  'qemu-img': 'qemu-utils',
  'qemu-system-x86_64': 'qemu-system-x86',
  setpriv: 'util-linux',
  sh: 'dash',
  tcpdump: 'tcpdump',
  unshare: 'util-linux',
};

export const remedyFor = (program: string): string =>
  `Install the Debian package ${PACKAGES[program] ?? program} ("apt-get install ${PACKAGES[program] ?? program}").`;

export interface ToolOptions {
  readonly timeoutMs: number;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Ends the tool; the result then is as of a killed one. */
  readonly signal?: AbortSignal;
  /** Ends the tool as soon as this is in what it prints. */
  readonly endWhen?: RegExp;
}

export interface ToolResult {
  /** Null if it was killed. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  /** Its last 2000 characters. */
  readonly stderr: string;
  /** Whether it was killed because its time was over. */
  readonly isLate: boolean;
}

/**
 * Runs a program to its end, in the C locale, without input, at most for `timeoutMs`. It dies with this process. Throws
 * LAB_TOOL_MISSING if there is no such program; how it ends is for the caller to judge.
 */
export async function runTool(
  argv: readonly [string, ...string[]],
  { timeoutMs, cwd, env = {}, signal, endWhen }: ToolOptions,
): Promise<ToolResult> {
  const stdout: string[] = [];
  let [stderr, room, isLate] = ['', MAX_OUTPUT_BYTES, false];
  const [enough, late] = [new AbortController(), new AbortController()];
  const tool = await runProgram({
    argv,
    ...(cwd === undefined ? {} : { cwd }),
    env: { LC_ALL: 'C', ...env },
    onLine: (line) => {
      room -= line.length;
      if (room >= 0) stdout.push(line.toString());
      if (endWhen?.test(line.toString())) enough.abort();
    },
    onStderr: (chunk) => {
      stderr = (stderr + chunk).slice(-STDERR_TAIL);
      if (endWhen?.test(stderr)) enough.abort();
    },
  }).catch((error) => {
    throw errorCode(error) === 'ENOENT' ? missingTool(argv[0], error) : error;
  });
  const timer = setTimeout(() => {
    isLate = true;
    late.abort();
  }, timeoutMs);
  const end = AbortSignal.any([enough.signal, late.signal, ...(signal === undefined ? [] : [signal])]);
  end.addEventListener('abort', () => void tool.stop());
  if (end.aborted) void tool.stop();
  const exit = await tool.exited;
  clearTimeout(timer);
  return { ...exit, stdout: stdout.join('\n'), stderr: stderr.trim(), isLate };
}

/** Throws LAB_TOOL_MISSING for the first of these programs that is not in PATH. */
export function requireTools(programs: readonly string[]): void {
  const missing = programs.find((program) => resolveExecutable(program, '/') === null);
  if (missing !== undefined) throw missingTool(missing);
}

function missingTool(program: string, cause?: unknown): CisError {
  return new CisError('LAB_TOOL_MISSING', `the lab needs the program "${program}", which is not installed`, {
    cause,
    hint: remedyFor(program),
  });
}

/** How a tool failed, in words: what it said, else how it ended. */
export function describeFailure({ code, signal, stderr, isLate }: ToolResult): string {
  if (isLate) return 'it did not end in time';
  return stderr || (signal === null ? `it exited with ${code}` : `it was ended by ${signal}`);
}
