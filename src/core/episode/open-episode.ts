import type { Plan } from '../config/plan.js';
import type { Target } from '../targets/target.js';
import { blockUntil } from '../time/block-until.js';
import type { CollectorSession } from './collector-session.js';
import type { DiskReserve } from './disk-reserve.js';
import type { EpisodeClock } from './episode-clock.js';
import type { EpisodeFolder } from './episode-folder.js';
import { EventLog } from './event-log.js';
import { FileSyncer } from './file-syncer.js';
import type { Interruption } from './interruption.js';
import { LabelLog } from './label-log.js';
import { PhaseRunner } from './phase-runner.js';
import { Recording } from './recording.js';

export interface OpenEpisodeOptions {
  readonly id: string;
  readonly plan: Plan;
  readonly clock: EpisodeClock;
  readonly target: Target;
  readonly sessions: readonly CollectorSession[];
  readonly folder: EpisodeFolder;
  readonly interruption: Interruption;
  readonly reserve: DiskReserve;
}

/** The parts of an episode that is being recorded. */
export interface OpenEpisode {
  readonly events: EventLog;
  readonly labels: LabelLog;
  readonly phases: PhaseRunner;
  readonly recording: Recording;
  close(): Promise<void>;
}

export function openEpisode({
  id,
  plan,
  clock,
  target,
  sessions,
  folder,
  interruption,
  reserve,
}: OpenEpisodeOptions): OpenEpisode {
  const onFailure = (error: unknown) => recording.onWriteFailed(error);
  const events = new EventLog(folder.events, onFailure);
  const labels = new LabelLog(folder.labels, onFailure, () => syncer.sync(folder.labels));
  const phases = new PhaseRunner({
    phases: plan.phases,
    clock,
    events,
    labels,
    episodeId: id,
    target,
    cwd: plan.baseDir,
    artifact: (stem) => folder.artifact(stem),
  });
  const recording: Recording = new Recording({ plan, clock, target, sessions, events, phases, interruption, reserve });
  const telemetry = sessions.filter(({ isPresent }) => isPresent).map(({ source }) => folder.telemetry(source));
  const logs = [folder.events, folder.labels, ...telemetry];
  const syncer: FileSyncer = new FileSyncer([...logs, ...folder.folders], onFailure);
  // else a power cut would take the names of files that are on the disk
  for (const path of folder.folders) syncer.sync(path);
  return {
    events,
    labels,
    phases,
    recording,
    async close() {
      events.close();
      labels.close();
      await syncer.close();
    },
  };
}

/** Tick 0, the opening of the target's gate and the first phase: all at the origin. Opens nothing that could fail. */
export function begin({ events, recording }: OpenEpisode, { sessions, target, clock }: OpenEpisodeOptions): void {
  recording.begin();
  blockUntil(0, () => clock.now());
  target.release();
  events.write(clock.at(clock.now()), 'target_started', 'target', { pid: target.facts.pid, type: target.facts.type });
  for (const session of sessions.filter(({ isPresent }) => !isPresent)) {
    events.write(clock.at(clock.now()), 'collector_absent', session.source, { reason: session.absence });
  }
}
