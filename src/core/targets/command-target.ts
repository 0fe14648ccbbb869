import type { Writable } from 'node:stream';
import { CisError } from '../errors/cis-error.js';
import { errorMessage } from '../errors/describe-error.js';
import { readProcessStat } from '../procfs/process-stat.js';
import { recorderMark } from '../recorder/recorder-mark.js';
import { redactArgv } from '../redaction/redact-argv.js';
import { dieWithRecorder, requireExecutable } from './executable.js';
import { localTarget } from './local-target.js';
import { EPISODE_VARIABLE, RECORDER_VARIABLE } from './orphans.js';
import { endFamily } from './process-family.js';
import { ProcessWatch } from './process-watch.js';
import { spawnCaptured } from './spawn-captured.js';
import type { Target } from './target.js';
import { isVmm } from './vmm.js';

/** Waits on descriptor 3, then becomes the command: nothing of it happens before the origin. An end of file means that the recorder died. */
const GATE = 'read -r _ <&3 || exit 127; exec 3<&-; exec "$@"';

export interface CommandTargetOptions {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly vm: boolean | undefined;
  readonly episodeId: string;
  readonly artifactStem: string;
}

/** Starts a command behind a gate. Throws TARGET_NOT_FOUND or TARGET_UNSTARTABLE. */
export async function startCommand({
  argv,
  cwd,
  env,
  vm,
  episodeId,
  artifactStem,
}: CommandTargetOptions): Promise<Target> {
  const executable = requireExecutable(argv, cwd, env.PATH);
  const marks = { [EPISODE_VARIABLE]: episodeId, [RECORDER_VARIABLE]: recorderMark() };
  const gated = [...dieWithRecorder(), '/bin/sh', '-c', GATE, 'cis490-gate', executable, ...argv.slice(1)];
  const process_ = await spawnCaptured({
    argv: gated,
    cwd,
    env: { ...process.env, ...env, ...marks },
    artifactStem,
    gate: true,
  }).catch((error: unknown) => {
    throw new CisError('TARGET_UNSTARTABLE', `"${argv[0]}" could not be started in ${cwd}: ${errorMessage(error)}`, {
      cause: error,
    });
  });
  const { pid, exited } = process_;
  const gate = process_.child.stdio[3] as Writable;
  gate.on('error', () => {}); // it died before the gate opened; the exit tells
  const watch = new ProcessWatch(pid);
  const startTimeTicks = readProcessStat('/proc', pid)?.startTimeTicks ?? null;
  let closing: Promise<boolean> | undefined;
  return localTarget({
    view: { type: 'command', pid, startTimeTicks },
    facts: {
      type: 'command',
      pid,
      start_time_ticks: startTimeTicks,
      comm: null,
      exe: executable,
      argv: redactArgv(argv),
      is_vm: vm ?? isVmm(executable),
    },
    release: () => gate.end('\n'),
    droppedBytes: process_.dropped,
    exited: Promise.race([exited, watch.ended.then(() => exited)]),
    close() {
      closing ??= (async () => {
        watch.close();
        const isGone = await endFamily({ leader: { pid, startTimeTicks }, marks });
        await process_.closeOutput();
        return isGone;
      })();
      return closing;
    },
  });
}
