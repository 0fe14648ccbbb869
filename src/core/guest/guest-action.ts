import { setTimeout as delay } from 'node:timers/promises';
import { errorCode } from '../errors/describe-error.js';
import { CappedFile } from '../files/capped-file.js';
import { type ActionRequest, type PhaseAction, type TargetExit, UnendedActionError } from '../targets/target.js';
import type { ActionGroup } from './action-group.js';
import type { ActionWatch } from './action-watch.js';
import type { AgentClient, RequestOptions } from './agent-client.js';
import { AgentError } from './agent-protocol.js';
import type { ExecStatus } from './exec-status.js';
import { execStatus, startScript } from './run-in-guest.js';

/** How often while its end is waited for. */
const END_LOOK_MS = 5;
/** A guest that is emulated and hogged takes seconds to start anything; how long it took stands in the label's uncertainty. */
const CONFIRM_TIMEOUT_MS = 10_000;
/** How long it may take to end by itself. */
const GRACE_MS = 2_000;
const KILL_TIMEOUT_MS = 5_000;
/** For an agent that is just being started anew. */
const READY_TIMEOUT_MS = 5_000;
/** In all, also where the agent is away or lets each answer wait: the episode has an end. */
const END_TIMEOUT_MS = 15_000;
const AWAY: ReadonlySet<string> = new Set(['AGENT_CLOSED', 'AGENT_TIMEOUT']);
const OUTPUT_LIMIT_BYTES = 16 * 1024 * 1024;
const OPTIONS: RequestOptions = { priority: 'phase' };
/** What a shell exits with if it finds nothing to execute, or can't execute it. */
const NOT_FOUND = 127;
const NOT_EXECUTABLE = 126;

/**
 * Becomes the command ("$@") within the group of actions, at nice 0 where the agent has less (proc_pid_stat(5), field
 * 19). Where the group can't be entered nothing is executed: nobody could end it.
 */
const startText = (enter: string) => `command -v -- "$1" >/dev/null || {
  echo "there is no program $1 in the guest" >&2; exit ${NOT_FOUND}; }
read -r stat </proc/$$/stat; nice_of() { n=\${17}; }; nice_of \${stat##*) }
[ "$n" -ge 0 ] || renice 0 -p $$ >/dev/null
{ ${enter}
} || exit ${NOT_EXECUTABLE}
exec "$@"`;

export interface GuestActionOptions extends Omit<ActionRequest, 'cwd'> {
  readonly agent: AgentClient;
  readonly group: ActionGroup;
  /** Looks at it from its start on. */
  readonly watch: ActionWatch;
  /** Names the action inside the guest: letters, digits and "-". None is a part of another's. */
  readonly token: string;
  /** Resolves when the machine was stopped for good: what is in it does nothing any more, nor can it be ended. */
  readonly stopped: Promise<unknown>;
}

/** Starts a phase's `run` in the guest, through its agent; resolves when the program itself is seen to run. Throws what keeps it from starting, UnendedActionError where it may yet. */
export async function startGuestAction(options: GuestActionOptions): Promise<PhaseAction> {
  const { agent, group, argv, phase, episodeId, token, watch } = options;
  await agent.ready(READY_TIMEOUT_MS);
  const pid = await startScript(
    agent,
    startText(group.enter),
    [token, ...argv],
    [`CIS490_ACTION=${token}`, `CIS490_EPISODE=${episodeId}`, `CIS490_PHASE=${phase}`],
    CONFIRM_TIMEOUT_MS,
  ).catch((error: unknown) => {
    // but for a refusal, nobody knows whether the agent has done it, or will
    const isOver = errorCode(error) === 'AGENT_REFUSED' || agent.isMachineGone;
    throw isOver ? error : new UnendedActionError(error);
  });
  const action = new GuestAction(options, pid);
  watch.current = action;
  try {
    await action.untilRunning();
    return action;
  } catch (error) {
    const isGone = action.hasExited || (await action.end()); // it may start yet
    throw isGone ? error : new UnendedActionError(error);
  }
}

class GuestAction implements PhaseAction {
  readonly pid: number;
  readonly exited: Promise<TargetExit>;
  readonly #o: GuestActionOptions;
  readonly #outputs: { readonly out: CappedFile; readonly err: CappedFile };
  #truncated = 0;
  #exit: TargetExit | undefined;
  #setExit!: (exit: TargetExit) => void;
  #ending: Promise<boolean> | undefined;
  #looking: Promise<void> | undefined;
  #wasAsked = false;

  constructor(options: GuestActionOptions, pid: number) {
    this.#o = options;
    this.pid = pid;
    this.exited = new Promise((resolve) => (this.#setExit = resolve));
    const file = (name: string) => new CappedFile(`${options.artifactStem}-${name}.log`, OUTPUT_LIMIT_BYTES);
    this.#outputs = { out: file('stdout'), err: file('stderr') };
  }

  get hasExited(): boolean {
    return this.#exit !== undefined;
  }

  droppedBytes = (): number => this.#outputs.out.dropped + this.#outputs.err.dropped + this.#truncated;

  /** The shell has become the program. Throws if that could not be. */
  async untilRunning(): Promise<void> {
    const deadline = performance.now() + CONFIRM_TIMEOUT_MS;
    for (let isLate = false; this.#exit === undefined && !isLate; ) {
      isLate = performance.now() > deadline; // before the look, as at the end
      const line = await this.#commandLine();
      if (line !== null && line !== '' && !line.includes(`\0${this.#o.token}\0`)) return;
      if (line === null) await this.look(); // it is over already
    }
    if (this.#exit === undefined) throw new Error(`"${this.#o.argv[0]}" was not seen to start in the guest`);
    const { code } = this.#exit;
    if (code === NOT_FOUND || code === NOT_EXECUTABLE)
      throw new Error(`"${this.#o.argv[0]}" could not be executed in the guest`);
  }

  end(): Promise<boolean> {
    const isStopped = this.#o.stopped.then(() => true);
    this.#ending ??= Promise.race([this.#endAnyhow(), isStopped, delay(END_TIMEOUT_MS, false, { ref: false })])
      .catch(() => false)
      .then((isOver) => isOver || this.#o.agent.isMachineGone)
      .finally(() => this.#finish({ code: null, signal: null })); // nobody can tell any more
    return this.#ending;
  }

  /**
   * An agent that is away, since it was killed or starts anew, is waited for, and so is one that is too busy to answer: the
   * next phase's label must not begin before.
   */
  async #endAnyhow(): Promise<boolean> {
    const deadline = performance.now() + END_TIMEOUT_MS;
    for (;;) {
      try {
        return await this.#end();
      } catch (error) {
        if (!AWAY.has(errorCode(error)) || performance.now() > deadline) throw error;
        await this.#o.agent.ready(deadline - performance.now());
      }
    }
  }

  /** SIGTERM, a grace, then SIGKILL, until its group is empty and its exit was told. */
  async #end(): Promise<boolean> {
    const { group, token } = this.#o;
    if (await this.#isOver()) return true;
    if (!this.#wasAsked) {
      this.#wasAsked = true; // however that goes: another try goes on from here
      await group.terminate(token, this.pid);
    }
    if (await this.#isOverWithin(GRACE_MS)) return true;
    await group.kill(token, this.pid);
    return this.#isOverWithin(KILL_TIMEOUT_MS);
  }

  async #isOverWithin(timeoutMs: number): Promise<boolean> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const isLate = performance.now() > deadline; // before the look: one that was asked late is asked all the same
      if (await this.#isOver()) return true;
      if (isLate) return false;
      await delay(END_LOOK_MS);
    }
  }

  async #isOver(): Promise<boolean> {
    const { group, token } = this.#o;
    await this.look();
    return this.#exit !== undefined && (await group.isEmpty(token, this.pid));
  }

  /** Null once there is no such process. */
  async #commandLine(): Promise<string | null> {
    const { agent } = this.#o;
    const [opened] = (
      await agent.request(
        [{ execute: 'guest-file-open', args: { path: `/proc/${this.pid}/cmdline`, mode: 'r' } }],
        OPTIONS,
      )
    ).replies;
    if (opened!.refusal !== null) return null;
    const handle = opened!.value; // of whatever kind: nobody but the agent takes it
    const { replies } = await agent.request(
      [
        { execute: 'guest-file-read', args: { handle, count: 4096 } },
        { execute: 'guest-file-close', args: { handle } },
      ],
      OPTIONS,
    );
    const { 'buf-b64': text } = (replies[0]!.value ?? {}) as { 'buf-b64'?: unknown };
    return typeof text === 'string' ? Buffer.from(text, 'base64').toString('latin1') : null;
  }

  /** Whether it has ended; an exit is told once, so nobody asks while another does. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  async #look(): Promise<void> {
    if (this.#exit !== undefined) return;
    const status = await this.#status();
    if (status === null || status.exit === null || this.#exit !== undefined) return;
    this.#outputs.out.write(status.stdout);
    this.#outputs.err.write(status.stderr);
    this.#truncated += status.truncated;
    this.#finish(status.exit);
  }

  /** An agent that was started anew knows nothing of what its forerunner ran: how that ended nobody can tell. */
  async #status(): Promise<ExecStatus | null> {
    try {
      return await execStatus(this.#o.agent, this.pid);
    } catch (error) {
      if (!(error instanceof AgentError) || error.code !== 'AGENT_REFUSED') throw error;
      this.#finish({ code: null, signal: null });
      return null;
    }
  }

  #finish(exit: TargetExit): void {
    if (this.#exit !== undefined) return;
    this.#exit = exit;
    this.#outputs.out.close();
    this.#outputs.err.close();
    this.#setExit(exit);
  }
}
