import { onTestFinished } from 'vitest';
import { type Program, type ProgramOptions, runProgram } from '../../../src/core/program/run-program.js';

/** A shell script, run as a stream's source; it is ended with the test. */
export async function runScript(
  script: string,
  options: Partial<ProgramOptions> = {},
): Promise<{ program: Program; lines: string[]; long: number[]; stderr(): string }> {
  const [lines, long] = [[] as string[], [] as number[]];
  let stderr = '';
  const program = await runProgram({
    argv: ['sh', '-c', script],
    onLine: (line) => void lines.push(line.toString('utf8')),
    onLongLine: (bytes) => void long.push(bytes),
    onStderr: (chunk) => (stderr += chunk),
    ...options,
  });
  onTestFinished(() => void program.stop());
  return { program, lines, long, stderr: () => stderr };
}

/** What a piece of work throws outside of every call, instead of failing the test run. */
export async function uncaughtBy(work: () => Promise<unknown>): Promise<unknown[]> {
  const names = ['uncaughtException', 'unhandledRejection'] as const;
  const before = names.map((name) => process.rawListeners(name));
  const caught: unknown[] = [];
  for (const name of names) {
    process.removeAllListeners(name);
    process.on(name, (error: unknown) => void caught.push(error));
  }
  try {
    await work();
    await new Promise((resolve) => setImmediate(resolve));
    return caught;
  } finally {
    for (const [i, name] of names.entries()) {
      process.removeAllListeners(name);
      for (const listener of before[i]!) process.on(name, listener as () => void);
    }
  }
}
