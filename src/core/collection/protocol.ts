import type { RecordableHistogram } from 'node:perf_hooks';
import type { MessagePort } from 'node:worker_threads';
import type {
  Availability,
  ProbeResult,
  Requirements,
  TargetView,
  Vantage,
  VantageFacts,
} from '../contract/collector.js';
import type { Fields } from '../contract/fields.js';
import type { OptionsSchema } from '../contract/options.js';

/** The data part of a collector definition: what crosses from the worker that imported the plugin. */
export interface CollectorDescription {
  readonly kind: 'files' | 'polled' | 'stream';
  readonly apiVersion: number;
  readonly name: string;
  readonly version: string;
  readonly rowVersion: number;
  readonly summary: string;
  readonly requires?: Requirements;
  readonly availableInDeployment: Availability;
  readonly fields: Fields;
  readonly options: OptionsSchema;
  readonly async?: boolean;
  readonly sparse?: boolean;
  /** Whether its configuration has yet to tell its rows. */
  readonly isConfigurable?: boolean;
}

/** The first message to a worker: what it is for. */
export interface WorkerStart {
  /** The plugin's module, as file URL. */
  readonly plugin: string;
  /** The collector wanted of it. Without one the worker only describes all of them, and ends. */
  readonly collector?: string;
  readonly shared: SharedArrayBuffer;
}

/** All that a collector may know of its episode: no id, no phase, no label. */
export interface CollectorSetup {
  readonly source: string;
  readonly availableInDeployment: boolean;
  readonly vantage: Vantage;
  /** Validated, with defaults. */
  readonly options: PluginOptions;
  readonly target: TargetView | null;
  readonly facts: VantageFacts;
  readonly roots: { readonly proc: string; readonly sys: string };
  readonly intervalNs: number;
  /** A tick that is sampled later than that counts as late. */
  readonly lateAfterNs: number;
  readonly durationNs: number;
}

export type PluginOptions = Readonly<Record<string, unknown>>;

export type EventFields = Readonly<Record<string, string | number | bigint | boolean | null>>;

/** From the main thread. `guest` comes first, where files are read in the guest. `wake` follows each change of control, for a thread that waits in its event loop. */
export type ToWorker =
  | { readonly type: 'guest'; readonly port: MessagePort }
  | { readonly type: 'configure'; readonly options: PluginOptions; readonly baseDir: string }
  | { readonly type: 'probe'; readonly setup: CollectorSetup }
  | {
      readonly type: 'start';
      readonly setup: CollectorSetup;
      readonly telemetryFile: string;
      /** Folder and name stem of this collector's artifacts. */
      readonly artifactStem: string;
      readonly lateness: RecordableHistogram;
    }
  | { readonly type: 'wake' };

export type Stage = 'import' | 'create' | 'probe' | 'start' | 'sample' | 'stop' | 'write' | 'thread';

/** Why a plugin is refused. More than one part of the contract broken: PLUGIN_INVALID. */
export type RejectionCode =
  | 'PLUGIN_EXPORT'
  | 'PLUGIN_API_VERSION'
  | 'PLUGIN_AVAILABILITY'
  | 'PLUGIN_SCHEMA'
  | 'PLUGIN_INVALID';

/** From a worker. */
export type FromWorker =
  | { readonly type: 'described'; readonly collectors: readonly CollectorDescription[] }
  /** The plugin breaks the contract; `problems` says where. */
  | {
      readonly type: 'rejected';
      readonly code: RejectionCode;
      readonly message: string;
      readonly problems: readonly string[];
    }
  /** What the collector is with its options, or what is wrong with those. */
  | { readonly type: 'configured'; readonly collector: CollectorDescription }
  | { readonly type: 'configured'; readonly problem: string }
  | { readonly type: 'probed'; readonly result: ProbeResult }
  | { readonly type: 'ready' }
  | { readonly type: 'event'; readonly event: string; readonly atMonoNs: bigint; readonly fields: EventFields }
  | { readonly type: 'write_failed'; readonly code: string; readonly message: string }
  /** The collector ended by itself. */
  | { readonly type: 'failed'; readonly stage: Stage; readonly code: string; readonly message: string }
  | { readonly type: 'finished'; readonly errors: Readonly<Record<string, number>> };
