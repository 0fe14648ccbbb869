import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
export const BIN = join(ROOT, 'bin/run.js');
export const plugin = (name: string): string => join(ROOT, 'test/plugins', name);

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cis490-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCli {
  readonly child: ChildProcess;
  /** Resolves when stderr or stdout has shown this. */
  saw(pattern: RegExp): Promise<void>;
  readonly outcome: Promise<Outcome>;
}

/** Starts the real program. */
export function startCli(args: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): RunningCli {
  return watch(
    spawn(process.execPath, [BIN, ...args], { cwd: options.cwd ?? ROOT, env: { ...process.env, ...options.env } }),
  );
}

export const cli = (...args: string[]): Promise<Outcome> => startCli(args).outcome;

/** Collects the output of a child, whatever it is. */
export function watch(child: ChildProcess): RunningCli {
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (chunk) => (stdout += chunk));
  child.stderr?.on('data', (chunk) => (stderr += chunk));
  const outcome = once(child, 'close').then(([code, signal]) => ({ code, signal, stdout, stderr }) as Outcome);
  return {
    child,
    outcome,
    saw: async (pattern) => {
      const ended = outcome.then(({ stderr: all }) => {
        if (!pattern.test(stdout + stderr)) throw new Error(`ended without ${pattern}: ${all}`);
      });
      while (!pattern.test(stdout + stderr))
        await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 5))]);
    },
  };
}

/** The one episode in an output folder. */
export function onlyEpisode(output: string): string {
  const names = readdirSync(output);
  if (names.length !== 1) throw new Error(`expected one episode in ${output}, found ${names.join(', ') || 'none'}`);
  return join(output, names[0]!);
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into documents of any shape
export const readJson = (path: string): any => JSON.parse(readFileSync(path, 'utf8'));

// biome-ignore lint/suspicious/noExplicitAny: see above
export function readRows(path: string): any[] {
  const text = readFileSync(path, 'utf8');
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

/** Waits for a condition; fails after ten seconds, or what else is given. */
export async function until(condition: () => boolean, timeoutMs = 10_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`never became true: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** A process that does nothing until the test is over. */
export function idleProcess(): ChildProcess & { pid: number } {
  const child = spawn('sleep', ['600'], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child as ChildProcess & { pid: number };
}

export const isAlive = (pid: number): boolean => {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};
