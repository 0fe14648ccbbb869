import { setTimeout as delay } from 'node:timers/promises';
import type { AgentClient } from './agent-client.js';
import { AgentError } from './agent-protocol.js';
import { type ExecStatus, execStatusOf } from './exec-status.js';

const LOOK_MS = 5;
const DEFAULT_TIMEOUT_MS = 10_000;
/**
 * For 16 MiB of output the agent of an emulated guest takes 3 s before it says the first word, and several times that where
 * the host is busy. It tells an exit once: an answer that is given up is lost.
 */
const STATUS_TIMEOUT_MS = 30_000;
/** What it prints beyond is not read: it is the guest's, and may be anything. */
const MAX_OUTPUT_BYTES = 64 * 1024;
/** The kernel's PID_MAX_LIMIT. */
const MAX_PID = 4 * 1024 * 1024;
/** A path of its own: what the agent was started with may lack folders. */
const GUEST_ENVIRONMENT = ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'HOME=/root', 'LANG=C'];

export interface GuestResult {
  /** Null if it was ended by a signal. */
  readonly code: number | null;
  readonly stdout: string;
}

/** Starts a script by the guest's shell; its first argument is `$0`. Returns its pid there. Throws AGENT_* errors. */
export async function startScript(
  agent: AgentClient,
  script: string,
  args: readonly string[],
  env: readonly string[] = [],
  timeoutMs?: number,
): Promise<number> {
  const reply = await agent.execute(
    'guest-exec',
    {
      path: '/bin/sh',
      arg: ['-c', script, ...args],
      env: [...GUEST_ENVIRONMENT, ...env],
      'capture-output': true,
    },
    { priority: 'phase', ...(timeoutMs !== undefined && { timeoutMs }) },
  );
  const { pid } = (reply ?? {}) as { pid?: unknown };
  if (!Number.isSafeInteger(pid) || Number(pid) < 1 || Number(pid) > MAX_PID)
    throw new AgentError('AGENT_PROTOCOL', 'guest-exec: the agent told no pid');
  return pid as number;
}

/** An exit is told once. Throws AGENT_* errors. */
export async function execStatus(agent: AgentClient, pid: number, timeoutMs = STATUS_TIMEOUT_MS): Promise<ExecStatus> {
  const status = execStatusOf(await agent.execute('guest-exec-status', { pid }, { priority: 'phase', timeoutMs }));
  if (status !== null) return status;
  agent.resync('its reply to guest-exec-status makes no sense');
  throw new AgentError('AGENT_PROTOCOL', 'guest-exec-status: the agent told no status');
}

/** Runs a script of ours to its end. Throws AGENT_* errors, AGENT_TIMEOUT if it does not end in time. */
export async function runInGuest(
  agent: AgentClient,
  script: string,
  args: readonly string[] = [],
  timeoutMs = DEFAULT_TIMEOUT_MS,
): Promise<GuestResult> {
  const pid = await startScript(agent, script, ['cis490', ...args]);
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const { exit, stdout } = await execStatus(agent, pid, Math.max(LOOK_MS, deadline - performance.now()));
    if (exit !== null) return { code: exit.code, stdout: stdout.toString('utf8', 0, MAX_OUTPUT_BYTES) };
    if (performance.now() > deadline)
      throw new AgentError('AGENT_TIMEOUT', `a script did not end in the guest within ${timeoutMs / 1e3} s`);
    await delay(LOOK_MS);
  }
}
