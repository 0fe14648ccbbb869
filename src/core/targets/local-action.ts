import { realpathSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { readProcessLink } from '../procfs/process-list.js';
import { hasEnded, readProcessStat } from '../procfs/process-stat.js';
import { recorderMark } from '../recorder/recorder-mark.js';
import { dieWithRecorder, requireExecutable } from './executable.js';
import { EPISODE_VARIABLE, RECORDER_VARIABLE } from './orphans.js';
import { endFamily } from './process-family.js';
import { spawnCaptured } from './spawn-captured.js';
import type { ActionRequest, PhaseAction } from './target.js';

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
  const state = wrapper[0] === undefined ? 'left' : await awaitExec(process_.pid, realpathSync(wrapper[0]));
  if (state === 'ended') {
    // a program that is over in less than a millisecond did run, if it was not the wrapper that failed
    const { code } = await process_.exited;
    if (code === WRAPPER_FAILED || code === WRAPPER_FAILED + 1) throw new Error(`"${argv[0]}" could not be executed`);
  }
  if (state === 'waits') {
    await action.end();
    throw new Error(`"${argv[0]}" was not executed within ${START_TIMEOUT_MS / 1000} s`);
  }
  return action;
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
    const stat = readProcessStat('/proc', pid);
    if (stat === null || hasEnded(stat)) return 'ended';
    // another user's link can't be read: it is no longer the wrapper, which was ours
    if (readProcessLink('/proc', pid, 'exe') !== wrapper) return 'left';
    if (isOver) return 'waits';
    await delay(START_POLL_MS);
  }
}
