import { type ChildProcess, spawn } from 'node:child_process';

/** After it was asked to end, a process has this long. */
const GRACE_MS = 2000;
/** Of what a program complains about, more is of no use to anybody. */
const MAX_ERROR_CHARS = 20_000;

export interface Ended {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface ChildOptions {
  readonly signal: AbortSignal;
  readonly env: NodeJS.ProcessEnv;
  readonly input?: Uint8Array;
  /** Gets the output in place of `Ended.stdout`. */
  readonly onOutput?: (text: string) => void;
}

/** Runs a program to its end, whatever that is. Rejects when it can't be started; with the signal's reason when it was ended by it. */
export async function runChild(command: readonly string[], options: ChildOptions): Promise<Ended> {
  const { signal, input, onOutput } = options;
  signal.throwIfAborted();
  const child = startChild(command, options.env);
  const stop = () => void endChild(child);
  signal.addEventListener('abort', stop, { once: true });
  try {
    const output: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => (onOutput === undefined ? output.push(chunk) : onOutput(`${chunk}`)));
    child.stdin.end(input);
    const { code, stderr } = await child.ended;
    signal.throwIfAborted();
    return { code, stderr, stdout: Buffer.concat(output) };
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

export type Child = ReturnType<typeof startChild>;

/** Starts a program in a process group of its own, so that it is ended with all that it has started. */
export function startChild(command: readonly string[], env: NodeJS.ProcessEnv) {
  const [program, ...args] = command;
  const child = spawn(program!, args, { env, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    if (stderr.length < MAX_ERROR_CHARS) stderr += chunk;
  });
  child.stdin.on('error', () => {}); // it has ended without reading all: its exit code tells
  const ended = new Promise<{ code: number | null; stderr: string }>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stderr }));
  });
  return Object.assign(child, { ended });
}

/** Ends a child and waits for it: itself first, as rsync then tells its other side to keep what has come, then all its group. */
export async function endChild(child: Child): Promise<void> {
  kill(child, 'SIGTERM');
  const insist = setTimeout(() => kill(child, 'SIGKILL', -1), GRACE_MS);
  await child.ended.catch(() => {});
  clearTimeout(insist);
}

function kill({ pid, exitCode, signalCode }: ChildProcess, signal: NodeJS.Signals, whom: 1 | -1 = 1): void {
  if (pid === undefined) return;
  // once it was waited for its number may be another's; a group's is not, as long as one of the group holds our pipes
  if (whom === 1 && (exitCode !== null || signalCode !== null)) return;
  try {
    process.kill(whom * pid, signal);
  } catch {} // it has just ended
}
