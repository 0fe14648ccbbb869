import { realpathSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { readProcessLink } from '../procfs/process-list.js';
import { hasEnded, readProcessStat } from '../procfs/process-stat.js';
import { recorderMark } from '../recorder/recorder-mark.js';
import { dieWithRecorder, requireExecutable } from './executable.js';
import { EPISODE_VARIABLE, RECORDER_VARIABLE } from './orphans.js';
import { endFamily } from './process-family.js';
import { spawnCaptured } from './spawn-captured.js';
import { type ActionRequest, type PhaseAction, UnendedActionError } from './target.js';

/** Of a wrapper that has only to execute, even where a machine has no processor for it. */
const START_TIMEOUT_MS = 10_000;
const START_POLL_MS = 1;
/** What setpriv, like a shell, exits with if it can't execute; one more if there is nothing to execute. */
const WRAPPER_FAILED = 126;
const PHASE_VARIABLE = 'CIS490_PHASE';

export interface LocalActionRequest extends ActionRequest {
  readonly targetPid: number | null;
}

/** Starts a phase's `run`; resolves when the program itself is seen to run. Throws what keeps it from starting. */
export async function startLocalAction({
  argv,
  cwd,
  phase,
  episodeId,
  targetPid,
  artifactStem,
}: LocalActionRequest): Promise<PhaseAction> {
  const executable = requireExecutable(argv, cwd);
  const marks = { [EPISODE_VARIABLE]: episodeId, [RECORDER_VARIABLE]: recorderMark(), [PHASE_VARIABLE]: phase };
  const env = { ...process.env, ...marks, ...(targetPid !== null && { CIS490_TARGET_PID: String(targetPid) }) };
  const wrapper = dieWithRecorder();
  const process_ = await spawnCaptured({ argv: [...wrapper, executable, ...argv.slice(1)], cwd, env, artifactStem });
  const startTimeTicks = readProcessStat('/proc', process_.pid)?.startTimeTicks ?? null;
  let ending: Promise<boolean> | undefined;
  const action: PhaseAction = {
    pid: process_.pid,
    exited: process_.exited,
    droppedBytes: process_.dropped,
    end() {
      ending ??= (async () => {
        const isGone = await endFamily({ leader: { pid: process_.pid, startTimeTicks }, marks });
        await process_.closeOutput();
        return isGone;
      })();
      return ending;
    },
  };
  try {
    if (wrapper[0] !== undefined) await requireExecuted(action, realpathSync(wrapper[0]), argv[0]!);
    return action;
  } catch (error) {
    throw (await action.end()) ? error : new UnendedActionError(error);
  }
}

async function requireExecuted({ pid, exited }: PhaseAction, wrapper: string, name: string): Promise<void> {
  const state = await awaitExec(pid, wrapper);
  if (state === 'left') return;
  if (state === 'waits') throw new Error(`"${name}" was not executed within ${START_TIMEOUT_MS / 1000} s`);
  // a program that is over in less than a millisecond did run, if it was not the wrapper that failed
  const { code } = await exited;
  if (code === WRAPPER_FAILED || code === WRAPPER_FAILED + 1) throw new Error(`"${name}" could not be executed`);
}

/** Waits until a process runs something else than the wrapper it was started with, has ended, or the time is over. */
export async function awaitExec(
  pid: number,
  wrapper: string,
  timeoutMs = START_TIMEOUT_MS,
): Promise<'left' | 'ended' | 'waits'> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    // before the look: who gets no processor for so long has looked once more
    const isOver = performance.now() > deadline;
    // before it is asked for its end: of a process that is over the link can't be read, and that is no sign of life. Another
    // user's can't be read either: it is no longer the wrapper, which was ours
    const exe = readProcessLink('/proc', pid, 'exe');
    const stat = readProcessStat('/proc', pid);
    if (stat === null || hasEnded(stat)) return 'ended';
    if (exe !== wrapper) return 'left';
    if (isOver) return 'waits';
    await delay(START_POLL_MS);
  }
}
