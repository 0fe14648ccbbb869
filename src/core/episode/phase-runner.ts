import type { PlannedPhase } from '../config/plan.js';
import { errorMessage } from '../errors/describe-error.js';
import type { EpisodeClock } from './episode-clock.js';
import type { EventLog } from './event-log.js';
import type { LabelLog } from './label-log.js';
import type { ClosedPhase } from './meta.js';
import { type PhaseAction, startAction } from './phase-action.js';

const NS_PER_MS = 1e6;
/** A timer may be a millisecond late: the last stretch to a boundary is slept exactly. */
const LAST_STRETCH_MS = 2;
const sleeper = new Int32Array(new SharedArrayBuffer(4));

export interface PhaseRunnerOptions {
  readonly phases: readonly PlannedPhase[];
  readonly clock: EpisodeClock;
  readonly events: EventLog;
  readonly labels: LabelLog;
  readonly episodeId: string;
  readonly targetPid: number | null;
  /** Where actions run. */
  readonly cwd: string;
  artifact(stem: string): string;
}

interface OpenPhase {
  readonly phase: PlannedPhase;
  readonly startNs: bigint;
  action: PhaseAction | null;
  isEnding: boolean;
}

/** Moves through the phases on their schedule, runs their actions, and writes the labels. Times are since the origin. */
export class PhaseRunner {
  readonly closed: ClosedPhase[] = [];
  /** A sentence for each action that could not start, or ended too early. */
  readonly failedActions: string[] = [];
  readonly leftovers: string[] = [];
  readonly #o: PhaseRunnerOptions;
  #open: OpenPhase | null = null;
  #reached = 0;
  #isStopped = false;
  #stop!: () => void;
  readonly #stopped = new Promise<void>((resolve) => (this.#stop = resolve));

  constructor(options: PhaseRunnerOptions) {
    this.#o = options;
  }

  get current(): PlannedPhase | null {
    return this.#open?.phase ?? null;
  }

  get unreached(): string[] {
    return this.#o.phases.slice(this.#reached).map(({ name }) => name);
  }

  /** Resolves when the last phase has begun, or the episode was stopped. */
  async run(): Promise<void> {
    for (const [index, phase] of this.#o.phases.entries()) {
      await this.#sleepUntil(phase.startNs);
      if (this.#isStopped) return;
      await this.#switchTo(phase, index);
    }
  }

  /** Ends the running phase at the episode's end. `run` has to be awaited in between. */
  stop(): void {
    this.#isStopped = true;
    this.#stop();
  }

  async close(endNs: bigint): Promise<void> {
    await this.#endOpen(endNs);
  }

  async #sleepUntil(boundaryNs: number): Promise<void> {
    const leftMs = () => (boundaryNs - Number(this.#o.clock.now())) / NS_PER_MS;
    const coarse = leftMs() - LAST_STRETCH_MS;
    if (coarse > 0) {
      let timer: NodeJS.Timeout | undefined;
      await Promise.race([this.#stopped, new Promise((resolve) => (timer = setTimeout(resolve, coarse)))]);
      clearTimeout(timer);
    }
    if (this.#isStopped) return;
    for (let left = leftMs(); left > 0; left = leftMs()) Atomics.wait(sleeper, 0, 0, left);
  }

  /** The former phase's action ends first: its label holds until that is confirmed. */
  async #switchTo(phase: PlannedPhase, index: number): Promise<void> {
    const { clock, events } = this.#o;
    const requested = clock.now();
    const hadAction = this.#open?.action != null;
    await this.#endOpen();
    if (this.#isStopped) return;
    const confirmed = clock.now();
    this.#reached = index + 1;
    const open: OpenPhase = { phase, startNs: index === 0 ? 0n : confirmed, action: null, isEnding: false };
    this.#open = open;
    events.write(clock.at(confirmed), 'phase_started', 'phase', {
      phase: phase.name,
      label: phase.label,
      planned_ns: phase.startNs,
    });
    if (phase.run !== null) await this.#startAction(open, index);
    else if (hadAction) this.#label(confirmed, phase, 'action', confirmed - requested, true);
    // nothing has to happen for the first phase: it begins with the origin itself
    else this.#label(index === 0 ? 0n : confirmed, phase, 'schedule', distance(confirmed, phase.startNs), null);
  }

  async #startAction(open: OpenPhase, index: number): Promise<void> {
    const { clock, events, labels, episodeId, targetPid, cwd, artifact } = this.#o;
    const { phase } = open;
    if (index === 0) {
      labels.write(clock.at(0n), {
        phase: phase.name,
        label: 'unknown',
        source: 'schedule',
        uncertainty_ns: 0n,
        confirmed: null,
        why: 'the action has yet to start',
      });
    }
    const requested = clock.now();
    try {
      const artifactStem = artifact(`phase-${index + 1}-${phase.name}`);
      open.action = await startAction({ argv: phase.run!, cwd, phase: phase.name, episodeId, targetPid, artifactStem });
    } catch (error) {
      return this.#actionFailed(open, errorMessage(error), 'could not start');
    }
    const confirmed = clock.now();
    events.write(clock.at(confirmed), 'action_started', 'phase', {
      phase: phase.name,
      pid: open.action.pid,
      requested_ns: requested,
    });
    this.#label(confirmed, phase, 'action', confirmed - requested, true);
    void open.action.exited.then(({ code, signal }) => this.#onActionExit(open, code, signal));
  }

  /** By itself an action may end only if it is a oneshot, and succeeds. */
  #onActionExit(open: OpenPhase, code: number | null, signal: string | null): void {
    const { clock, events } = this.#o;
    events.write(clock.at(clock.now()), 'action_exited', 'phase', {
      phase: open.phase.name,
      code,
      signal,
      expected: open.isEnding,
    });
    if (open.isEnding || (open.phase.oneshot && code === 0)) return;
    this.#actionFailed(
      open,
      `it ended with ${signal ?? `exit code ${code}`}`,
      open.phase.oneshot ? 'failed' : 'ended before its phase',
    );
  }

  #actionFailed({ phase }: OpenPhase, reason: string, how: string): void {
    const { clock, events, labels } = this.#o;
    const times = clock.at(clock.now());
    const why = `the action of phase "${phase.name}" ${how}: ${reason}`;
    this.failedActions.push(why);
    events.write(times, 'action_failed', 'phase', { phase: phase.name, reason });
    labels.write(times, {
      phase: phase.name,
      label: 'unknown',
      source: 'action',
      uncertainty_ns: 0n,
      confirmed: false,
      why,
    });
  }

  #label(
    at: bigint,
    phase: PlannedPhase,
    source: 'schedule' | 'action',
    uncertainty: bigint,
    confirmed: boolean | null,
  ): void {
    const { clock, labels } = this.#o;
    const { name, label, technique } = phase;
    labels.write(clock.at(at), {
      phase: name,
      label,
      source,
      uncertainty_ns: uncertainty,
      ...(technique !== null && { technique }),
      confirmed,
    });
  }

  async #endOpen(endNs?: bigint): Promise<void> {
    const open = this.#open;
    if (open === null) return;
    open.isEnding = true;
    if (open.action !== null) {
      const isGone = await open.action.end();
      await open.action.exited;
      if (!isGone) this.leftovers.push(`processes of phase "${open.phase.name}" could not be ended`);
    }
    const { name, label, startNs, endNs: plannedEnd } = open.phase;
    const end = endNs ?? this.#o.clock.now();
    this.closed.push({
      name,
      label,
      planned_start_ns: startNs,
      planned_end_ns: plannedEnd,
      start_ns: open.startNs,
      end_ns: end,
    });
    this.#open = null;
  }
}

function distance(at: bigint, plannedNs: number): bigint {
  const difference = at - BigInt(plannedNs);
  return difference < 0n ? -difference : difference;
}
