import type { CollectorListener } from '../collection/collector-host.js';
import { WATCH_PERIOD_MS } from '../collection/stuck-watch.js';
import type { Plan } from '../config/plan.js';
import { errorCode, errorMessage } from '../errors/describe-error.js';
import { endOwnPrograms } from '../targets/orphans.js';
import type { Target, TargetExit, TargetFailure } from '../targets/target.js';
import { MAX_TIMER_MS } from '../time/block-until.js';
import type { CollectorSession } from './collector-session.js';
import { CpuMeter } from './cpu-meter.js';
import type { DiskReserve } from './disk-reserve.js';
import type { EpisodeClock } from './episode-clock.js';
import type { EventLog, EventName } from './event-log.js';
import type { Interruption } from './interruption.js';
import type { LiveSnapshot } from './live-view.js';
import type { EndReason, Status } from './meta.js';
import type { PhaseRunner } from './phase-runner.js';

const NS_PER_MS = 1e6;
/** Longer than it takes to tell all threads, on a busy machine too. */
const END_LEAD_NS = 5_000_000n;
/** How long a collector may take to stop. */
const STOP_TIMEOUT_MS = 2_000;

export interface RecordingOptions {
  readonly plan: Plan;
  readonly clock: EpisodeClock;
  readonly target: Target;
  readonly sessions: readonly CollectorSession[];
  readonly events: EventLog;
  readonly phases: PhaseRunner;
  readonly interruption: Interruption;
  readonly reserve: DiskReserve;
}

export interface RecordingEnd {
  readonly status: Exclude<Status, 'running'>;
  readonly reason: EndReason;
  /** Since the origin. */
  readonly atNs: bigint;
  /** What kept a file from being written, or the target from going on. */
  readonly failure: string | null;
  /** False where a file of the episode could not be written. */
  readonly isWhole: boolean;
  /** How the target ended, if it was what ended the episode. */
  readonly targetExit?: TargetExit;
}

const endReasonOf = (code: string): EndReason =>
  code === 'ENOSPC' || code === 'EDQUOT' ? 'disk_full' : 'write_failed';

/** What became of it, once all is stopped. */
export interface FinishedRecording extends RecordingEnd {
  /** Of a CPU, that the recorder took between origin and end. */
  readonly cpuShare: number;
}

/** The episode between its origin and its end: collectors sample, phases pass, the target is watched. */
export class Recording {
  readonly #o: RecordingOptions;
  /** The first write that failed, also after the end was decided. */
  #failure: TargetFailure | null = null;
  #tellFailed!: (failure: TargetFailure) => void;
  readonly #failed = new Promise<TargetFailure>((resolve) => (this.#tellFailed = resolve));

  constructor(options: RecordingOptions) {
    this.#o = options;
  }

  /** A file of the episode can't be written: it can't go on. */
  readonly onWriteFailed = (error: unknown): void => {
    this.#failWith({ code: errorCode(error), message: errorMessage(error) });
  };

  #failWith(failure: TargetFailure): void {
    this.#failure ??= failure;
    this.#tellFailed(failure);
  }

  /** Lets the collectors go: tick 0 of each is due at the origin, which lies a little ahead. */
  begin(): void {
    const { clock, sessions, target } = this.#o;
    target.listen(({ source, code, atMonoNs, fields }) =>
      this.#event('target_event', source, { ...fields, code, at_mono_ns: atMonoNs - clock.originNs }),
    );
    const origin = clock.at(0n);
    for (const session of sessions) {
      if (session.isPresent) session.host.go(clock.originNs, origin.t_wall_ns, this.#listener(session));
    }
  }

  /** Waits for the end of the episode, stops everything, and tells how it ended. */
  async run(): Promise<FinishedRecording> {
    const { clock, target, events, phases, plan } = this.#o;
    const cpu = new CpuMeter(() => clock.now());
    const watch = setInterval(() => this.#abandonStuck(), WATCH_PERIOD_MS);
    const phasesRun = phases.run();
    phasesRun.catch(this.onWriteFailed);
    const end = await this.#untilEnd();
    const cpuShare = cpu.share();
    clearInterval(watch);
    phases.stop();
    await this.#stopCollectors(end.atNs);
    await phasesRun;
    await phases.close(end.atNs);
    await target.conclude();
    if (!(await target.close())) phases.leftovers.push('the target could not be ended, or its files not removed');
    if (!(await endOwnPrograms())) phases.leftovers.push('programs of a collector could not be ended');
    const dropped = target.droppedBytes();
    if (dropped > 0) this.#event('target_event', 'target', { code: 'output_truncated', dropped_bytes: dropped });
    const outcome = this.asItCameOut(end);
    this.#tellFailure(outcome);
    events.write(clock.at(clock.now()), 'episode_ended', 'recorder', {
      reason: outcome.reason,
      status: outcome.status,
      end_ns: outcome.atNs,
      planned_ns: plan.durationNs,
    });
    return { ...outcome, cpuShare };
  }

  /** What was written last may have failed when the end was decided already: such an episode is not whole either. */
  asItCameOut<End extends RecordingEnd>(end: End): End {
    if (this.#failure === null || !end.isWhole) return end;
    const { code, message } = this.#failure;
    return { ...end, status: 'failed', reason: endReasonOf(code), failure: message, isWhole: false };
  }

  #tellFailure({ reason, failure, isWhole }: RecordingEnd): void {
    if (failure === null) return;
    const source = isWhole ? 'target' : 'recorder';
    if (reason === 'disk_full') this.#event('disk_full', source, { reason: failure });
    else if (isWhole) this.#event('target_event', source, { code: 'target_failed', reason: failure });
    else this.#event('collector_failed', source, { reason: failure });
  }

  snapshot(): LiveSnapshot {
    const { clock, plan, phases, sessions } = this.#o;
    return {
      phase: phases.current?.name ?? null,
      label: phases.current?.label ?? null,
      elapsedNs: Math.max(0, Number(clock.now())),
      durationNs: plan.durationNs,
      collectors: sessions.map(({ source, host }) => ({
        source,
        rows: host.state.get('rows'),
        missed: host.state.get('ticksMissed'),
        isRunning: host.isRunning,
      })),
    };
  }

  async #untilEnd(): Promise<RecordingEnd> {
    const { target, interruption, plan } = this.#o;
    const over = this.#durationOver();
    // what loses the race may still happen, while the episode is being ended: it must have no effect then
    const end = await Promise.race([
      over.done.then(
        () => (): RecordingEnd => ({
          status: 'complete',
          reason: 'duration_over',
          atNs: BigInt(plan.durationNs),
          failure: null,
          isWhole: true,
        }),
      ),
      target.exited.then((exit) => () => this.#onTargetExit(exit)),
      interruption.first.then((signal) => () => this.#onSignal(signal)),
      this.#failed.then((failure) => () => this.#onFailure(failure)),
      target.failed.then((failure) => () => this.#onTargetFailure(failure)),
    ]);
    over.cancel();
    return end();
  }

  /** A timer holds at most 24 days, and may be early. */
  #durationOver(): { readonly done: Promise<void>; cancel(): void } {
    const { clock, plan } = this.#o;
    let timer: NodeJS.Timeout;
    const done = new Promise<void>((resolve) => {
      const wait = () => {
        const leftMs = (plan.durationNs - Number(clock.now())) / NS_PER_MS;
        if (leftMs <= 0) resolve();
        else timer = setTimeout(wait, Math.min(Math.ceil(leftMs), MAX_TIMER_MS));
      };
      wait();
    });
    return { done, cancel: () => clearTimeout(timer) };
  }

  #onTargetExit(targetExit: TargetExit): RecordingEnd {
    const atNs = this.#endNow();
    this.#event('target_exited', 'target', { ...targetExit });
    return { status: 'complete', reason: 'target_exited', atNs, failure: null, isWhole: true, targetExit };
  }

  #onSignal(signal: NodeJS.Signals): RecordingEnd {
    const atNs = this.#endNow();
    this.#event('signal', 'recorder', { signal });
    return { status: 'interrupted', reason: 'signal', atNs, failure: null, isWhole: true };
  }

  /** There has to be room for the events and meta.json that tell of it. */
  #onFailure(failure: TargetFailure): RecordingEnd {
    this.#o.reserve.giveBack();
    return { ...this.#failedBy(failure), isWhole: false };
  }

  /** What was recorded until then is whole. */
  #onTargetFailure(failure: TargetFailure): RecordingEnd {
    return { ...this.#failedBy(failure), isWhole: true };
  }

  #failedBy({ code, message }: TargetFailure): Omit<RecordingEnd, 'isWhole'> {
    return { status: 'failed', reason: endReasonOf(code), atNs: this.#endNow(), failure: message };
  }

  /**
   * The end lies a little ahead, and every thread is told of it before it comes: so no tick is run that was due at the
   * end or later, and none is missing that was due before.
   */
  #endNow(): bigint {
    const { clock, plan } = this.#o;
    const planned = BigInt(plan.durationNs);
    for (;;) {
      const soon = clock.now() + END_LEAD_NS;
      const end = soon < planned ? soon : planned;
      for (const { host } of this.#present) host.stop(end);
      // told too late, a thread may have run a tick that was due behind it: so it is a later one
      if (end === planned || clock.now() < end) return end;
    }
  }

  get #present(): readonly CollectorSession[] {
    return this.#o.sessions.filter(({ isPresent }) => isPresent);
  }

  async #stopCollectors(endNs: bigint): Promise<void> {
    const present = this.#present;
    for (const { host } of present) host.stop(endNs);
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<void>((resolve) => (timer = setTimeout(resolve, STOP_TIMEOUT_MS)));
    await Promise.race([Promise.all(present.map(({ host }) => host.ended)), timeout]);
    clearTimeout(timer);
    for (const session of present) if (session.host.isRunning) this.#abandon(session, 'it did not stop');
    await Promise.all(present.map(({ host }) => (host.abandonment !== null ? host.ended : host.terminate())));
  }

  #abandonStuck(): void {
    for (const session of this.#o.sessions) {
      if (session.isPresent && session.stuck.look()) this.#abandon(session, 'it showed no sign of life');
    }
  }

  #abandon({ source, host, description }: CollectorSession, reason: string): void {
    host.abandonment = reason;
    this.#event('collector_abandoned', source, { version: description.version, reason });
    void host.terminate();
  }

  #listener({ source, description }: CollectorSession): CollectorListener {
    const { version } = description;
    return {
      onEvent: (event, atMonoNs, fields) => {
        const own = event === 'collector_failed' ? { version, ...fields } : fields;
        this.#event(event as EventName, source, { ...own, at_mono_ns: atMonoNs - this.#o.clock.originNs });
      },
      onFailed: ({ stage, code, message }) =>
        this.#event('collector_failed', source, { version, stage, code, reason: message.slice(0, 500), fatal: true }),
      onWriteFailed: (code, message) => this.#failWith({ code, message: `telemetry of ${source}: ${message}` }),
    };
  }

  #event(event: EventName, source: string, fields: Readonly<Record<string, unknown>>): void {
    const { clock, events } = this.#o;
    events.write(clock.at(clock.now()), event, source, fields);
  }
}
