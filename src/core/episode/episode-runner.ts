import { resolve } from 'node:path';
import { CatalogBuilder } from '../catalog/plugin-catalog.js';
import { type PlanResult, requirePlan } from '../config/make-plan.js';
import type { Plan } from '../config/plan.js';
import { inject, injectable } from '../di/container.js';
import { CLOCK, ROOTS, VERSION, WORKER_ENTRY } from '../di/tokens.js';
import { CisError } from '../errors/cis-error.js';
import { errorMessage } from '../errors/describe-error.js';
import { replaceFile } from '../files/replace-file.js';
import type { Verdict } from '../grade/verdict.js';
import { printJson } from '../json/exact-json.js';
import { failedActions } from '../labels/label-figures.js';
import { localVantageFacts } from '../procfs/vantage-facts.js';
import { SchemaRegistry } from '../schemas/schema-registry.js';
import { requireExecutable } from '../targets/executable.js';
import { openTarget } from '../targets/open-target.js';
import { endOrphans } from '../targets/orphans.js';
import { isVmm } from '../targets/vmm.js';
import type { Clock } from '../time/clock.js';
import { clearRunFolders } from '../vm/run-folder.js';
import type { CollectorSession } from './collector-session.js';
import { DiskReserve } from './disk-reserve.js';
import { EpisodeClock } from './episode-clock.js';
import { createEpisodeFolder, type EpisodeFolder, unwritable } from './episode-folder.js';
import { foreignContent } from './foreign-content.js';
import { gradeEpisode } from './grade.js';
import { Interrupted, type Interruption } from './interruption.js';
import type { EpisodeObserver } from './live-view.js';
import { writeMarker } from './marker.js';
import type { EndReason, Meta, Status } from './meta.js';
import { buildMeta, type MetaBase, type MetaProgress, readClocks } from './meta-builder.js';
import { begin, openEpisode } from './open-episode.js';
import { endSessions, prepareCollectors, refusedOracles } from './prepare-collectors.js';
import type { Recording } from './recording.js';
import { requireTrustworthy, sealOrFail } from './seal.js';
import { startCollectors } from './start-collectors.js';
import { UndoList } from './undo-list.js';

/** The origin lies so far ahead of the barrier: every thread is back asleep before tick 0 is due. */
const LEAD_NS = 10_000_000n;
const LEAD_PER_COLLECTOR_NS = 3_000_000n;

export interface RecordOptions {
  readonly id: string;
  readonly plan: PlanResult;
  readonly interruption: Interruption;
  readonly observer: EpisodeObserver;
}

export interface EpisodeResult {
  readonly id: string;
  readonly path: string;
  readonly status: Status;
  readonly endReason: EndReason;
  readonly verdict: Verdict;
}

/** What a dry run finds: each collector, and whether it could run. */
export interface DryRun {
  readonly plan: Plan;
  readonly collectors: readonly {
    readonly source: string;
    /** Null where its plugin could not be loaded. */
    readonly available_in_deployment: boolean | null;
    readonly status: string;
    readonly reason: string | null;
  }[];
}

type Roots = { readonly proc: string; readonly sys: string };

/** Records an episode, in numbered steps. What it created before it could begin is removed when it can't. */
@injectable()
export class EpisodeRunner {
  readonly #clock: Clock;
  readonly #catalogs: CatalogBuilder;
  readonly #schemas: SchemaRegistry;
  readonly #workerEntry: URL;
  readonly #roots: Roots;
  readonly #version: string;

  constructor(
    @inject(CLOCK) clock: Clock,
    @inject(CatalogBuilder) catalogs: CatalogBuilder,
    @inject(SchemaRegistry) schemas: SchemaRegistry,
    @inject(WORKER_ENTRY) workerEntry: URL,
    @inject(ROOTS) roots: Roots,
    @inject(VERSION) version: string,
  ) {
    this.#clock = clock;
    this.#catalogs = catalogs;
    this.#schemas = schemas;
    this.#workerEntry = workerEntry;
    this.#roots = roots;
    this.#version = version;
  }

  async record({ id, plan: result, interruption, observer }: RecordOptions): Promise<EpisodeResult> {
    const undo = new UndoList();
    try {
      // 1. the plan, and the plugins it names; while threads import those: the clocks, and what a dead recorder left running
      const preparing = this.#prepare(result, undo);
      preparing.catch(() => {}); // it may fail before it is waited for
      await new Promise(setImmediate); // lets it reach the threads
      const { anchor, reading } = readClocks(this.#clock);
      const orphans = endOrphans();
      orphans.catch(() => {}); // what keeps the plan from being one is told first
      const { plan, sessions } = await interruption.guard(preparing);
      // 2. the folder
      const folder = createEpisodeFolder(plan.outputFolder, id);
      undo.add(() => folder.remove());
      undo.add(() => endSessions(sessions)); // before the folder goes: they write into it
      const reserve = takeReserve(folder, plan);
      await orphans;
      clearRunFolders();
      // 3. the target, behind its gate
      const target = await interruption.guard(
        openTarget(plan, { episodeId: id, artifact: (name) => folder.artifact(name) }),
      );
      undo.add(() => target.close());
      // 4. meta.json: with it the folder gets its name
      const base: MetaBase = {
        id,
        plan,
        version: this.#version,
        facts: localVantageFacts(),
        start: reading,
      };
      const save = (progress: MetaProgress) => replaceFile(folder.meta, printJson(buildMeta(base, target, progress)));
      const figures = (endNs: number) => sessions.map((session) => session.figures(endNs));
      writeFirst(() => save({ status: 'running', collectors: figures(0) }), plan);
      folder.publish();
      if (plan.target.type === 'qemu') observer.onPreparing('the virtual machine');
      await interruption.guard(target.prepare(anchor));
      // 5. the ready barrier
      await interruption.guard(
        startCollectors(sessions, { target, folder, roots: this.#roots, durationNs: plan.durationNs }),
      );
      if (interruption.signal !== null) throw new Interrupted(interruption.signal);
      // 6. the origin
      const clock = new EpisodeClock(
        this.#clock,
        anchor,
        this.#clock.monotonicNs() + LEAD_NS + LEAD_PER_COLLECTOR_NS * BigInt(sessions.length),
      );
      const parts = { id, plan, clock, target, sessions, folder, interruption, reserve };
      const episode = openEpisode(parts);
      undo.add(() => episode.close());
      observer.onStart({ id, path: folder.path, snapshot: () => episode.recording.snapshot() });
      episode.events.onEvent((event) => observer.onEvent(event));
      begin(episode, parts);
      undo.forget();
      const ending = episode.recording.run();
      await new Promise(setImmediate); // the first phase begins before anything else happens
      trySave(() => save({ status: 'running', collectors: figures(0), clock }), episode.recording);
      // 7. until the end
      const ended = await ending;
      // 8. the verdict, and the marker last of all
      await episode.close();
      const end = episode.recording.asItCameOut(ended);
      reserve.giveBack();
      const { rows: labels } = episode.labels;
      const { status, reason, failure, atNs, cpuShare, targetExit = null } = end;
      const collectors = figures(Number(atNs));
      const clocks = readClocks(this.#clock).reading;
      const verdict = sealOrFail(
        () => {
          const meta = buildMeta(base, target, {
            status,
            collectors,
            clock,
            phases: episode.phases.closed,
            end: { reason, atNs, clocks, labels, cpuShare, targetExit },
          });
          const told = [...episode.phases.leftovers, ...target.lacks];
          const written = { events: episode.events.bytes, labels: episode.labels.bytes, collectors };
          const foreign = end.isWhole ? foreignContent(folder.path, written) : [];
          const { grade, reasons } = gradeEpisode({
            meta,
            failedActions: failedActions(labels),
            failure,
            told,
            foreign,
          });
          replaceFile(folder.meta, printJson({ ...meta, grade, grade_reasons: reasons } satisfies Meta));
          requireTrustworthy(end, sessions, folder);
          writeMarker(folder, { id, status, endReason: reason, verdict: { grade, reasons } });
          return { grade, reasons };
        },
        end,
        folder,
      );
      return { id, path: folder.path, status, endReason: reason, verdict };
    } catch (error) {
      const isRecording = undo.isForgotten;
      await undo.run();
      throw isRecording ? error : cannotBegin(error);
    }
  }

  /** Steps 1 and 5 without a trace: what would be recorded, and whether it could. A command is not started; this process stands in for it. */
  async dryRun(result: PlanResult): Promise<DryRun> {
    const undo = new UndoList();
    try {
      const { plan, sessions } = await this.#prepare(result, undo);
      if (plan.target.type === 'qemu') await (await import('../targets/qemu-target.js')).requireMachine(plan.target);
      const standing = await openTarget(standIn(plan), { episodeId: '', artifact: () => '' });
      undo.add(() => standing.close());
      const target = { ...standing, view: { ...standing.view, type: plan.target.type } };
      const facts = localVantageFacts();
      const collectors = await Promise.all(
        sessions.map(async (session) => {
          const { source, absence } = session;
          if (absence !== null)
            return { source, available_in_deployment: null, status: 'unavailable', reason: absence };
          if (session.planned.vantage === 'guest')
            return { source, available_in_deployment: session.isDeployable, status: 'ok', reason: null };
          const { status, reason = null } = await session.probe(
            session.setup(target, facts, this.#roots, plan.durationNs),
          );
          return { source, available_in_deployment: session.isDeployable, status, reason };
        }),
      );
      return { plan, collectors };
    } finally {
      await undo.run();
    }
  }

  /** Holds a configuration against its schema, itself and the plugins it names. Throws CONFIG_INVALID and PLUGIN_* errors. */
  async check(result: PlanResult): Promise<Plan> {
    const undo = new UndoList();
    try {
      return (await this.#prepare(result, undo)).plan;
    } finally {
      await undo.run();
    }
  }

  /** Problems of the configuration itself and of what the plugins say of it come together. */
  async #prepare(result: PlanResult, undo: UndoList): Promise<{ plan: Plan; sessions: readonly CollectorSession[] }> {
    const { plugins, baseDir, collectors: planned } = 'plan' in result ? result.plan : result;
    const catalog = await this.#catalogs.build(plugins, baseDir);
    const { sessions, problems, errors } = await prepareCollectors(planned, catalog, {
      workerEntry: this.#workerEntry,
      schemas: this.#schemas,
      baseDir,
    });
    undo.add(() => endSessions(sessions));
    const profile = 'plan' in result ? result.plan.profile : 'lab';
    if ('plan' in result && problems.length === 1 && errors.length === 1) throw errors[0];
    const plan = requirePlan(result, [...problems, ...refusedOracles(profile, sessions)]);
    return { plan, sessions };
  }
}

/** A dry run starts no command and boots no machine: the recorder itself takes their place. Throws TARGET_NOT_FOUND. */
function standIn(plan: Plan): Plan {
  if (plan.target.type === 'qemu') return { ...plan, target: { type: 'pid', pid: process.pid, vm: true } };
  if (plan.target.type !== 'command') return plan;
  const { argv, cwd = '.', env, vm } = plan.target;
  const executable = requireExecutable(argv, resolve(plan.baseDir, cwd), env?.PATH);
  return { ...plan, target: { type: 'pid', pid: process.pid, vm: vm ?? isVmm(executable) } };
}

/** An error of the system before the origin is no defect: there is no room for a recording. */
function cannotBegin(error: unknown): unknown {
  if (error instanceof CisError || typeof (error as NodeJS.ErrnoException)?.syscall !== 'string') return error;
  return new CisError('SYSTEM_REFUSED', `the system refused what the recording needs: ${errorMessage(error)}`, {
    cause: error,
  });
}

function takeReserve(folder: EpisodeFolder, { outputFolder }: Plan): DiskReserve {
  const reserve = new DiskReserve(folder);
  writeFirst(() => reserve.take(), { outputFolder });
  return reserve;
}

/** What fails before anything was recorded is a matter of the output folder. */
function writeFirst(write: () => void, { outputFolder }: Pick<Plan, 'outputFolder'>): void {
  try {
    write();
  } catch (error) {
    throw unwritable(outputFolder, error);
  }
}

function trySave(save: () => void, recording: Recording): void {
  try {
    save();
  } catch (error) {
    recording.onWriteFailed(error);
  }
}
