import { resolveExecutable } from '../../targets/executable.js';
import { toolPath } from '../../vm/network/tools.js';
import { describeFailure, remedyFor, runTool } from '../run-tool.js';

/** What the lab can use of this machine. */
export interface ProbeItem {
  readonly name: string;
  readonly status: 'ok' | 'partial' | 'unavailable';
  /** Why it is not `ok`. */
  readonly reason: string | null;
  /** What would mend it. */
  readonly remedy: string | null;
  /** What was found: a version, a path. */
  readonly detail: string | null;
}

export const ok = (name: string, detail: string | null = null): ProbeItem => ({
  name,
  status: 'ok',
  reason: null,
  remedy: null,
  detail,
});

export const partial = (name: string, reason: string, remedy: string, detail: string | null = null): ProbeItem => ({
  name,
  status: 'partial',
  reason,
  remedy,
  detail,
});

export const unavailable = (name: string, reason: string, remedy: string | null): ProbeItem => ({
  name,
  status: 'unavailable',
  reason,
  remedy,
  detail: null,
});

export const lacksProgram = (name: string, program: string): ProbeItem =>
  unavailable(name, `there is no program "${program}"`, remedyFor(program));

interface TryOptions {
  readonly argv: readonly [string, ...string[]];
  readonly timeoutMs: number;
  /** What would mend a failure that is not the lack of the program. */
  readonly remedy: string;
  /** What its success shows; the first line of what it prints unless told. */
  readonly detail?: string;
}

/** Runs a program that has to end well. */
export async function tryProgram(name: string, { argv, timeoutMs, remedy, detail }: TryOptions): Promise<ProbeItem> {
  const [program] = argv;
  if (resolveExecutable(program, '/', toolPath()) === null) return lacksProgram(name, program);
  const result = await runTool(argv, { timeoutMs, env: { PATH: toolPath() } });
  if (result.code !== 0) return unavailable(name, `${program} does not work here: ${describeFailure(result)}`, remedy);
  return ok(name, detail ?? (result.stdout.split('\n')[0] || null));
}
