import { realpathSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { readProcessLink } from '../procfs/process-list.js';
import { requireExecutable } from '../targets/command-target.js';
import { dieWithRecorder } from '../targets/executable.js';
import { EPISODE_VARIABLE, RECORDER_VARIABLE, recorderMark } from '../targets/orphans.js';
import { endFamily } from '../targets/process-family.js';
import { spawnCaptured } from '../targets/spawn-captured.js';
import type { TargetExit } from '../targets/target.js';

const CONFIRM_TIMEOUT_MS = 1_000;
const PHASE_VARIABLE = 'CIS490_PHASE';

export interface PhaseActionOptions {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly phase: string;
  readonly episodeId: string;
  readonly targetPid: number | null;
  readonly artifactStem: string;
}

/** A phase's `run` in motion. */
export interface PhaseAction {
  readonly pid: number;
  readonly exited: Promise<TargetExit>;
  /** Ends it and all that came of it. Returns whether all is gone. */
  end(): Promise<boolean>;
}

/** Starts a phase's `run`; resolves when the program itself is seen to run. Throws what keeps it from starting. */
export async function startAction({
  argv,
  cwd,
  phase,
  episodeId,
  targetPid,
  artifactStem,
}: PhaseActionOptions): Promise<PhaseAction> {
  const executable = requireExecutable(argv, cwd);
  const marks = { [EPISODE_VARIABLE]: episodeId, [RECORDER_VARIABLE]: recorderMark(), [PHASE_VARIABLE]: phase };
  const env = { ...process.env, ...marks, ...(targetPid !== null && { CIS490_TARGET_PID: String(targetPid) }) };
  const wrapper = dieWithRecorder();
  const process_ = await spawnCaptured({ argv: [...wrapper, executable, ...argv.slice(1)], cwd, env, artifactStem });
  if (wrapper[0] !== undefined) await leftWrapper(process_.pid, realpathSync(wrapper[0]));
  let ending: Promise<boolean> | undefined;
  return {
    pid: process_.pid,
    exited: process_.exited,
    end() {
      ending ??= (async () => {
        const isGone = await endFamily({ leader: process_.pid, marks });
        await process_.closeOutput();
        return isGone;
      })();
      return ending;
    },
  };
}

/** Until the process runs something else than the wrapper it was started with, or is gone. */
async function leftWrapper(pid: number, wrapper: string): Promise<void> {
  const deadline = performance.now() + CONFIRM_TIMEOUT_MS;
  while (readProcessLink('/proc', pid, 'exe') === wrapper && performance.now() < deadline) await delay(0);
}
