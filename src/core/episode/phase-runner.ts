import type { PlannedPhase } from '../config/plan.js';
import { errorMessage } from '../errors/describe-error.js';
import { type PhaseAction, type Target, UnendedActionError } from '../targets/target.js';
import { blockUntil, MAX_TIMER_MS } from '../time/block-until.js';
import type { EpisodeClock } from './episode-clock.js';
import type { EventLog } from './event-log.js';
import type { LabelLog } from './label-log.js';
import type { ClosedPhase } from './meta.js';

const NS_PER_MS = 1e6;
/** An action that takes longer to end leaves a stretch that is neither phase. */
const SLOW_END_NS = 100_000_000n;
/** A timer may be a millisecond late: the last stretch to a boundary is slept exactly. */
const LAST_STRETCH_MS = 2;

export interface PhaseRunnerOptions {
  readonly phases: readonly PlannedPhase[];
  readonly clock: EpisodeClock;
  readonly events: EventLog;
  readonly labels: LabelLog;
  readonly episodeId: string;
  readonly target: Pick<Target, 'startAction'>;
  /** Where actions run, if they run here. */
  readonly cwd: string;
  artifact(stem: string): string;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

interface OpenPhase {
  readonly phase: PlannedPhase;
  readonly startNs: bigint;
  action: PhaseAction | null;
  isEnding: boolean;
}

/** Moves through the phases on their schedule, runs their actions, and writes the labels. Times are since the origin. */
export class PhaseRunner {
  readonly closed: Mutable<ClosedPhase>[] = [];
  readonly leftovers: string[] = [];
  readonly #o: PhaseRunnerOptions;
  #open: OpenPhase | null = null;
  /** The first phase whose action could not be ended. */
  #unended: string | null = null;
  #isStopped = false;
  #stop!: () => void;
  readonly #stopped = new Promise<void>((resolve) => (this.#stop = resolve));

  constructor(options: PhaseRunnerOptions) {
    this.#o = options;
  }

  get current(): PlannedPhase | null {
    return this.#open?.phase ?? null;
  }

  /** Resolves when the last phase has begun, or the episode was stopped. */
  async run(): Promise<void> {
    for (const [index, phase] of this.#o.phases.entries()) {
      await this.#sleepUntil(phase.startNs);
      // the first begins with the origin, even if a signal came with it: there is always a label
      if (this.#isStopped && index > 0) return;
      await this.#switchTo(phase, index);
    }
  }

  /** Ends the running phase at the episode's end. `run` has to be awaited in between. */
  stop(): void {
    this.#isStopped = true;
    if (this.#open !== null) this.#open.isEnding = true; // what it does from now on is no fault of its own
    this.#stop();
  }

  async close(endNs: bigint): Promise<void> {
    await this.#endOpen();
    // an action may take longer to end than the episode does
    for (const phase of this.closed) if (phase.end_ns > endNs) phase.end_ns = endNs;
  }

  async #sleepUntil(boundaryNs: number): Promise<void> {
    const leftMs = () => (boundaryNs - Number(this.#o.clock.now())) / NS_PER_MS;
    for (let coarse = leftMs(); coarse > LAST_STRETCH_MS && !this.#isStopped; coarse = leftMs()) {
      const delay = Math.min(coarse - LAST_STRETCH_MS, MAX_TIMER_MS);
      let timer: NodeJS.Timeout | undefined;
      await Promise.race([this.#stopped, new Promise((resolve) => (timer = setTimeout(resolve, delay)))]);
      clearTimeout(timer);
    }
    if (this.#isStopped) return;
    blockUntil(boundaryNs, () => this.#o.clock.now());
  }

  /** The former phase's action ends first. A phase that is over by then is never reached. */
  async #switchTo(phase: PlannedPhase, index: number): Promise<void> {
    const { clock, events } = this.#o;
    const requested = clock.now();
    const before = this.#open;
    const hadAction = before?.action != null && !before.phase.isIdle;
    await this.#endOpen();
    const confirmed = clock.now();
    const isSlow = hadAction && confirmed - requested > SLOW_END_NS;
    if (isSlow) this.#labelSlowEnd(before!.phase, requested, confirmed);
    // what is labelled unknown already is no uncertainty of the label behind it
    const endRequested = isSlow ? confirmed : requested;
    const isOver = Number(confirmed) >= phase.endNs;
    if (index > 0 && (this.#isStopped || isOver)) return;
    const open: OpenPhase = { phase, startNs: index === 0 ? 0n : confirmed, action: null, isEnding: false };
    this.#open = open;
    events.write(clock.at(confirmed), 'phase_started', 'phase', {
      phase: phase.name,
      label: phase.label,
      planned_ns: phase.startNs,
    });
    if (phase.run === null || phase.isIdle) {
      if (hadAction) this.#label(confirmed, phase, 'action', confirmed - endRequested, true);
      // nothing has to happen for the first phase: it begins with the origin itself
      else this.#label(index === 0 ? 0n : confirmed, phase, 'schedule', distance(confirmed, phase.startNs), null);
    }
    if (phase.run !== null) await this.#startAction(open, index, hadAction ? endRequested : undefined);
  }

  /** `endRequested`: when the action before it was asked to end, which it may have done at any time since. */
  async #startAction(open: OpenPhase, index: number, endRequested?: bigint): Promise<void> {
    const { clock, events, labels, episodeId, target, cwd, artifact } = this.#o;
    const { phase } = open;
    if (index === 0 && !phase.isIdle) {
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
      open.action = await target.startAction({ argv: phase.run!, cwd, phase: phase.name, episodeId, artifactStem });
    } catch (error) {
      if (error instanceof UnendedActionError) this.#noteUnended(phase);
      return this.#actionFailed(open, errorMessage(error), 'could not start', requested);
    }
    const confirmed = clock.now();
    events.write(clock.at(confirmed), 'action_started', 'phase', {
      phase: phase.name,
      pid: open.action.pid,
      requested_ns: requested,
    });
    if (!phase.isIdle) this.#label(confirmed, phase, 'action', confirmed - (endRequested ?? requested), true);
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
      code === null && signal === null ? 'how can not be told' : `it ended with ${signal ?? `exit code ${code}`}`,
      open.phase.oneshot ? 'failed' : 'ended before its phase',
    );
  }

  /** One that could not start may have run since it was asked to. */
  #actionFailed({ phase }: OpenPhase, reason: string, how: string, since = this.#o.clock.now()): void {
    const { clock, events, labels } = this.#o;
    const why = `the action of phase "${phase.name}" ${how}: ${reason}`;
    events.write(clock.at(clock.now()), 'action_failed', 'phase', { phase: phase.name, reason: `${how}: ${reason}` });
    labels.write(clock.at(since), {
      phase: phase.name,
      label: 'unknown',
      source: 'action',
      uncertainty_ns: 0n,
      confirmed: false,
      why,
    });
  }

  /** While something of an earlier phase may still run, nobody can say what the target does. */
  #label(
    at: bigint,
    phase: PlannedPhase,
    source: 'schedule' | 'action',
    uncertainty: bigint,
    confirmed: boolean | null,
  ): void {
    const { clock, labels } = this.#o;
    const { name, label, technique } = phase;
    const why = this.#unended === null ? null : `the action of phase "${this.#unended}" may still run`;
    labels.write(clock.at(at), {
      phase: name,
      source,
      uncertainty_ns: uncertainty,
      ...(why === null
        ? { label, ...(technique !== null && { technique }), confirmed }
        : { label: 'unknown', confirmed: null, why }),
    });
  }

  #noteUnended({ name }: PlannedPhase): void {
    this.#unended ??= name;
    this.leftovers.push(`processes of phase "${name}" could not be ended`);
  }

  /** Between the request and the confirmation nobody knows what the target did. */
  #labelSlowEnd({ name }: PlannedPhase, requested: bigint, confirmed: bigint): void {
    const { clock, labels } = this.#o;
    const why = `the action took ${Number(confirmed - requested) / 1e9} s to end`;
    labels.write(clock.at(requested), {
      phase: name,
      label: 'unknown',
      source: 'action',
      uncertainty_ns: 0n,
      confirmed: null,
      why,
    });
  }

  #noteDropped(phase: string, bytes: number): void {
    const { clock, events } = this.#o;
    if (bytes > 0)
      events.write(clock.at(clock.now()), 'target_event', 'phase', {
        code: 'output_truncated',
        phase,
        dropped_bytes: bytes,
      });
  }

  async #endOpen(): Promise<void> {
    const open = this.#open;
    if (open === null) return;
    open.isEnding = true;
    if (open.action !== null) {
      const isGone = await open.action.end();
      if (isGone) await open.action.exited;
      else this.#noteUnended(open.phase);
      this.#noteDropped(open.phase.name, open.action.droppedBytes());
    }
    const { name, label, startNs, endNs: plannedEnd } = open.phase;
    const end = this.#o.clock.now();
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
