import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { CappedFile } from '../files/capped-file.js';

/** A target that prints without end fills its artifact to here, not the disk. */
const OUTPUT_LIMIT_BYTES = 16 * 1024 * 1024;
/** After the last process is gone the pipes end at once, unless somebody unknown holds them. */
const DRAIN_MS = 500;

export interface SpawnCapturedOptions {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Folder and stem of the files that take its output: `<stem>-stdout.log` and `<stem>-stderr.log`. */
  readonly artifactStem: string;
  /** Whether it gets a pipe as descriptor 3. */
  readonly gate?: boolean;
}

export interface CapturedProcess {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly exited: Promise<{ code: number | null; signal: string | null }>;
  /** Output bytes beyond the limit, which were read and dropped. */
  dropped(): number;
  /** Takes what is still in the pipes and closes the files. */
  closeOutput(): Promise<void>;
}

/** Starts a program in a process group of its own, without input, its output going into capped files. Throws the system's error. */
export async function spawnCaptured({
  argv,
  cwd,
  env,
  artifactStem,
  gate = false,
}: SpawnCapturedOptions): Promise<CapturedProcess> {
  const [program, ...args] = argv as [string, ...string[]];
  const child = spawn(program, args, {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', ...(gate ? (['pipe'] as const) : [])],
  });
  const exited = new Promise<{ code: number | null; signal: string | null }>((resolve) =>
    child.once('exit', (code, signal) => resolve({ code, signal })),
  );
  await once(child, 'spawn');
  const outputs = [
    { stream: child.stdout!, file: new CappedFile(`${artifactStem}-stdout.log`, OUTPUT_LIMIT_BYTES) },
    { stream: child.stderr!, file: new CappedFile(`${artifactStem}-stderr.log`, OUTPUT_LIMIT_BYTES) },
  ];
  for (const { stream, file } of outputs) stream.on('data', (chunk: Buffer) => file.write(chunk));
  child.on('error', () => {}); // a failed kill; the exit is what counts
  return {
    child,
    pid: child.pid!,
    exited,
    dropped: () => outputs.reduce((sum, { file }) => sum + file.dropped, 0),
    async closeOutput() {
      const ends = Promise.allSettled(outputs.map(({ stream }) => finished(stream)));
      await Promise.race([ends, new Promise((resolve) => setTimeout(resolve, DRAIN_MS).unref())]);
      for (const { stream, file } of outputs) {
        stream.destroy();
        file.close();
      }
    },
  };
}
