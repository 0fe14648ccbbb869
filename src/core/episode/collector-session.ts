import type { PluginRef } from '../catalog/plugin-ref.js';
import { CollectorHost } from '../collection/collector-host.js';
import type { CollectorDescription, CollectorSetup } from '../collection/protocol.js';
import { StuckWatch } from '../collection/stuck-watch.js';
import type { PlannedCollector } from '../config/plan.js';
import type { ProbeResult, VantageFacts } from '../contract/collector.js';
import { CisError } from '../errors/cis-error.js';
import type { ServedFiles } from '../guest/file-server.js';
import type { Guest } from '../guest/guest.js';
import { redact } from '../redaction/redact.js';
import { redactLine } from '../redaction/redact-argv.js';
import { rowSchema } from '../rows/row-schema.js';
import type { Target } from '../targets/target.js';
import { percentiles } from '../time/durations.js';
import type { CollectorFigures } from './collector-figures.js';

type CollectorIdentity = Pick<
  CollectorFigures,
  'plugin' | 'kind' | 'row_version' | 'row_schema' | 'available_in_deployment' | 'availability_rationale' | 'is_sparse'
>;

const UNLOADED = {
  kind: null,
  row_version: null,
  row_schema: null,
  available_in_deployment: null,
  availability_rationale: null,
  is_sparse: false,
} as const;

/** One collector of one episode: the plan for it, the plugin behind it, its thread, and what became of it. */
export class CollectorSession {
  readonly planned: PlannedCollector;
  readonly host: CollectorHost;
  readonly stuck: StuckWatch;
  /** Filled in from the plugin's schema. */
  options: Readonly<Record<string, unknown>>;
  absence: string | null = null;
  /** Whether its plugin had a chance to start anything. */
  hasStarted = false;
  /** What the main thread reads in the guest for it. */
  #served: ServedFiles | undefined;
  readonly #ref: PluginRef;
  #description: CollectorDescription | undefined;
  /** Whose rows its schema describes, if not its collector's. */
  #rowsOf: string | undefined;
  #isVm = false;

  constructor(planned: PlannedCollector, ref: PluginRef, workerEntry: URL) {
    this.planned = planned;
    this.#ref = ref;
    this.options = planned.options;
    this.host = new CollectorHost({
      url: ref.url,
      collector: ref.name,
      owner: ref.owner,
      source: planned.source,
      workerEntry,
    });
    this.stuck = new StuckWatch(this.host, planned.intervalNs);
  }

  get source(): string {
    return this.planned.source;
  }

  get description(): CollectorDescription {
    if (this.#description === undefined) throw new Error(`${this.source} has not been described yet`);
    return this.#description;
  }

  /** Whether it takes part: it was found able to run, and started. */
  get isPresent(): boolean {
    return this.absence === null;
  }

  /** Imports the plugin. Throws PLUGIN_* errors. */
  async describe(): Promise<CollectorDescription> {
    const [description] = await this.host.describe();
    this.#description = description!;
    return this.#description;
  }

  /** Lets the configuration tell what it is, if that is how it is made. What is wrong with it in words, or null. */
  async configure(baseDir: string): Promise<string | null> {
    if (!this.description.isConfigurable) return null;
    const answer = await this.host.configure(this.options, baseDir);
    if ('problem' in answer) return answer.problem;
    this.#description = answer.collector;
    this.#rowsOf = this.source; // they are this instance's alone
    return null;
  }

  /** Connects it with the guest, if that is where it looks. Throws COLLECTOR_UNAVAILABLE where there is none. */
  lookInto(guest: Guest | null): void {
    if (this.planned.vantage !== 'guest') return;
    if (guest === null)
      throw new CisError('COLLECTOR_UNAVAILABLE', `collector "${this.source}" looks into a guest, and there is none`);
    this.#served = guest.serveFiles();
    this.host.lookIntoGuest(this.#served.port);
  }

  /** Nothing more is read for it. */
  close(): void {
    this.#served?.close();
  }

  probe(setup: CollectorSetup): Promise<ProbeResult> {
    return this.host.probe(setup);
  }

  /** All that it may know. A deployable collector is not told the target: what it can't see it can't leak. */
  setup(target: Target, facts: VantageFacts, roots: CollectorSetup['roots'], durationNs: number): CollectorSetup {
    this.#isVm = target.facts.is_vm;
    const { source, vantage, intervalNs, lateAfterNs } = this.planned;
    const { availableInDeployment } = this.description;
    return {
      source,
      vantage,
      facts,
      roots,
      intervalNs,
      lateAfterNs,
      durationNs,
      options: this.options,
      availableInDeployment: this.isDeployable,
      // in the guest the host's pid names nothing
      target: availableInDeployment.value || vantage === 'guest' ? null : target.view,
    };
  }

  /** Availability belongs to source and vantage: beside a virtual machine, what is read here is the lab host's own. */
  get isDeployable(): boolean {
    const isHostOfTarget = this.planned.vantage === 'local' && this.#isVm;
    return this.description.availableInDeployment.value && !isHostOfTarget;
  }

  markAbsent(reason: string): void {
    this.absence = redactLine(reason);
  }

  /** What meta.json says of it. `endNs` is the actual end, or how far it came. */
  figures(endNs: number): CollectorFigures {
    const { state } = this.host;
    const isStream = this.#description?.kind === 'stream';
    const scheduled = isStream || !this.isPresent ? null : Math.ceil(endNs / this.planned.intervalNs);
    const run = isStream || !this.isPresent ? null : state.get('ticksRun');
    return {
      source: this.source,
      vantage: this.planned.vantage,
      ...this.#identity(),
      interval_ns: isStream ? null : this.planned.intervalNs,
      options: redact(this.options),
      ...this.#outcome(),
      ticks_scheduled: scheduled,
      ticks_run: run,
      ticks_missed: scheduled === null || run === null ? null : Math.max(0, scheduled - run),
      ticks_late: run === null ? null : state.get('ticksLate'),
      rows: state.get('rows'),
      rows_invalid: state.get('invalidRows'),
      rows_lost: state.get('lostRows'),
      sample_errors: state.get('sampleErrors'),
      errors: this.host.errors,
      bytes: state.get('bytes'),
      longest_gap_ns: Math.max(state.get('longestGapNs'), this.isPresent ? endNs - state.get('lastRowNs') : 0),
      ...this.#longestPause(endNs),
      lateness_ns: percentiles(this.host.lateness),
      time_uncertainty_ns: this.#served === undefined ? null : percentiles(this.#served.uncertainty),
    };
  }

  /** Up to the end: what came after it is no part of the episode. */
  #longestPause(endNs: number): Pick<CollectorFigures, 'longest_pause_ns' | 'longest_pause_from_ns'> {
    if (!this.isPresent) return { longest_pause_ns: null, longest_pause_from_ns: null };
    const { state } = this.host;
    const lastNs = Math.min(state.get('lastLookNs'), endNs);
    const fromNs = Math.min(state.get('longestPauseFromNs'), endNs);
    const ns = Math.min(state.get('longestPauseNs'), endNs - fromNs);
    return endNs - lastNs > ns
      ? { longest_pause_ns: endNs - lastNs, longest_pause_from_ns: lastNs }
      : { longest_pause_ns: ns, longest_pause_from_ns: fromNs };
  }

  /** What is known of a plugin that could not be loaded is its name. */
  #identity(): CollectorIdentity {
    const { name, owner, origin } = this.#ref;
    const description = this.#description;
    if (description === undefined) return { ...UNLOADED, plugin: { name, version: null, owner, origin } };
    const { kind, version, rowVersion, availableInDeployment, sparse } = description;
    return {
      plugin: { name, version, owner, origin },
      kind,
      row_version: rowVersion,
      row_schema: rowSchema({ ...description, name: this.#rowsOf ?? name }, kind === 'stream' ? 'seq' : 'tick'),
      available_in_deployment: this.isDeployable,
      availability_rationale: availableInDeployment.rationale,
      is_sparse: sparse === true,
    };
  }

  #outcome(): Pick<CollectorFigures, 'state' | 'state_reason'> {
    if (this.absence !== null) return { state: 'absent', state_reason: this.absence };
    const { failure, state, abandonment } = this.host;
    if (abandonment !== null) return { state: 'abandoned', state_reason: abandonment };
    if (failure !== null) return { state: 'failed', state_reason: `${failure.stage}: ${redactLine(failure.message)}` };
    // a sparse stream without rows has to have shown that it was there
    const isSilent = this.description.sparse === true && state.get('rows') === 0 && state.get('isAlive') === 0;
    return isSilent
      ? { state: 'failed', state_reason: 'it neither gave rows nor said that it was alive' }
      : { state: 'ok', state_reason: null };
  }
}
