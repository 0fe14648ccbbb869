import type { Fields, RowOf } from './fields.js';
import type { OptionsOf, OptionsSchema } from './options.js';

/**
 * The contract between the host and a collector plugin.
 *
 * A plugin is a plain value; `defineCollector` only adds types. These hold for every kind:
 *
 * - Its module MUST be free of side effects at import. It is imported only in a worker thread, also to read its schemas.
 * - `availableInDeployment` MUST say whether the source can be read on the deployed device itself. There is no default.
 * - A row MUST carry every field of `fields`, with null for what can't be read, and nothing else.
 *   The host holds each row against the table before it is written; an invalid row never reaches the file.
 * - Values MUST be raw readings (counters, levels), never rates: the reader of the data set computes those.
 * - The host adds `t_mono_ns`, `t_wall_ns`, `source`, `available_in_deployment`, `tick` or `seq`, and `epoch`.
 * - `rowVersion` MUST rise when `fields` change in a way that a reader could notice.
 * - `stop` MUST be idempotent and safe without `start`.
 * - Returning null means: nothing this tick. A throw costs that tick and is counted by its `code`.
 */

/** Raised when a plugin written for the former version would no longer work. */
export const API_VERSION = 1;

/** From where a collector looks: this machine, or inside the virtual machine that is the target. */
export type Vantage = 'local' | 'guest';

export interface Availability {
  /** Whether this source can be read on a deployed device. False makes it an oracle. */
  readonly value: boolean;
  /** One line: why. */
  readonly rationale: string;
}

export interface Requirements {
  /** Programs looked up in PATH. */
  readonly binaries?: readonly string[];
  /** Linux capabilities, e.g. `CAP_PERFMON`. */
  readonly capabilities?: readonly string[];
  /** Files that have to be readable. */
  readonly files?: readonly string[];
  /** What would mend the lack of one of these, by its name, as in `{ perf: 'apt-get install linux-perf' }`. */
  readonly remedies?: Readonly<Record<string, string>>;
}

/** What a collector may know of the thing observed. A deployable collector gets null instead: what it can't see it can't leak. */
export interface TargetView {
  readonly type: 'pid' | 'command' | 'machine' | 'qemu';
  /** The target's process id; null where the whole machine is observed. */
  readonly pid: number | null;
  /** Its start time in clock ticks since boot (proc_pid_stat(5), field 22): with the pid it names one process for ever. */
  readonly startTimeTicks: bigint | null;
  /** The monitor's socket of a QEMU target, for collectors; none elsewhere. */
  readonly qmpSocket?: string;
}

/** Constants of the machine that the vantage looks at. */
export interface VantageFacts {
  readonly pageSizeBytes: number;
  readonly clockTicksPerSecond: number;
  readonly cpus: number;
}

/** Which sample this is. */
export interface Tick {
  /** The tick k: due at `k * interval` after the origin. */
  readonly index: number;
  readonly facts: VantageFacts;
}

export interface ProbeResult {
  readonly status: 'ok' | 'partial' | 'unavailable';
  /** In words: what is missing. */
  readonly reason?: string;
  /** What would mend it. */
  readonly remedy?: string;
}

export interface CollectorLogger {
  /** Goes to `artifacts/<source>.log`. */
  info(message: string): void;
  warn(message: string): void;
}

export interface CollectorContext<O> {
  readonly options: O;
  /** Null for a deployable collector, and where there is no process. */
  readonly target: TargetView | null;
  readonly facts: VantageFacts;
  /**
   * The configured time between two ticks, in nanoseconds. A stream that counts per interval follows it; one that tells of
   * single events has no use for it.
   */
  readonly intervalNs: number;
  /** Where procfs and sysfs are mounted; tests point them at fixtures. */
  readonly roots: { readonly proc: string; readonly sys: string };
  readonly log: CollectorLogger;
  /** Aborted when the episode ends. */
  readonly signal: AbortSignal;
  /** CLOCK_MONOTONIC in nanoseconds. */
  now(): bigint;
  /** Moves the current sample's time to this instant. Call it just before the first read if preparation comes first. */
  mark(): void;
  /** Something happened: a `target_event` with this code in events.jsonl. Repeats are merged to one per code and second. */
  event(code: string, fields?: Readonly<Record<string, string | number | bigint | boolean | null>>): void;
  /** Opens `artifacts/<source>.<name>` for appending; the host caps and closes it. */
  artifact(name: string): { write(chunk: string | Uint8Array): void };
  /** Ends this collector: it can't go on. The other collectors do. */
  fatal(reason: string): never;
}

interface CollectorBase<F extends Fields, O extends OptionsSchema> {
  readonly apiVersion: typeof API_VERSION;
  /** The source: `snake_case`; the config's key, the file's name and each row's `source`. */
  readonly name: string;
  readonly version: string;
  /** Stands in the row schema's `$id`; starts at 1. */
  readonly rowVersion: number;
  /** One line. */
  readonly summary: string;
  readonly requires?: Requirements;
  readonly availableInDeployment: Availability;
  readonly fields: F;
  readonly options: O;
  /**
   * For a collector whose rows are told by its configuration: the collector that it is with these options, of the same
   * name and kind. Called once, before all else; `fields` may be empty until then. It MUST do no more than read files
   * that the options name. Throws what is wrong with the options, in words.
   */
  configure?(options: OptionsOf<O>, configuration: Configuration): AnyCollector;
}

/** Where a configuration stands. */
export interface Configuration {
  /** The folder that its relative paths start from. */
  readonly baseDir: string;
}

/**
 * One file of a `files` collector, as absolute path on the observed machine. A file is opened once and read again by its
 * descriptor, unless `reopen` says that its path may come to mean another file. An `optional` one may be missing.
 */
export type FileSpec = string | { readonly path: string; readonly optional?: boolean; readonly reopen?: boolean };

/** What the host read of one file this tick. The buffer is reused: keep nothing of it. */
export interface FileReading {
  readonly path: string;
  /** Holds `length` valid bytes. */
  readonly bytes: Buffer;
  /** 0 where the file could not be read. */
  readonly length: number;
  /** Why an optional file could not be read, e.g. `EACCES`; null if it was. */
  readonly error: string | null;
}

/**
 * The preferred kind: it names files and parses them; the host does the reading, locally through kept descriptors or in
 * a guest through its agent. So it has both vantages, and captured files are its fixtures.
 */
export interface FilesCollector<F extends Fields, O extends OptionsSchema, P extends string>
  extends CollectorBase<F, O> {
  readonly kind: 'files';
  /** Pure. Files that tell where the others are; read once, before `files` is called. */
  locate?(options: OptionsOf<O>, target: TargetView | null): Readonly<Record<string, FileSpec>>;
  /**
   * Pure. The paths to read in each sample, by name, in this order. Throws what makes it impossible, in words; a string
   * `remedy` on that error says what would mend it, as in a ProbeResult.
   */
  files(
    options: OptionsOf<O>,
    target: TargetView | null,
    located: Readonly<Record<string, FileReading>>,
  ): Readonly<Record<P, FileSpec>>;
  /** Pure. One row from what was read; `located` is what `files` was given, as it was then. */
  parse(
    files: Readonly<Record<P, FileReading>>,
    tick: Tick,
    located: Readonly<Record<string, FileReading>>,
  ): RowOf<F> | null;
}

type Rows<F extends Fields> = RowOf<F> | readonly RowOf<F>[] | null;

interface Lifecycle {
  start?(): void | Promise<void>;
  stop?(): void | Promise<void>;
}

export interface PolledSampler<F extends Fields> extends Lifecycle {
  /** One row; several, told apart by the `key` fields; or null. */
  sample(tick: Tick): Rows<F>;
}

export interface AsyncPolledSampler<F extends Fields> extends Lifecycle {
  sample(tick: Tick): Promise<Rows<F>>;
}

interface PolledBase<F extends Fields, O extends OptionsSchema> extends CollectorBase<F, O> {
  readonly kind: 'polled';
  /** Can it run here? No rows, no side effects. */
  probe?(context: CollectorContext<OptionsOf<O>>): ProbeResult | Promise<ProbeResult>;
}

/** Sampled on the schedule, in a thread that sleeps without an event loop between ticks. */
export interface SyncPolledCollector<F extends Fields, O extends OptionsSchema> extends PolledBase<F, O> {
  readonly async?: false;
  /** Pure: everything that can fail or has to be undone belongs into `start`. */
  create(options: OptionsOf<O>, context: CollectorContext<OptionsOf<O>>): PolledSampler<F>;
}

/** Sampled on the schedule, by a source that needs an event loop (a socket). */
export interface AsyncPolledCollector<F extends Fields, O extends OptionsSchema> extends PolledBase<F, O> {
  readonly async: true;
  create(options: OptionsOf<O>, context: CollectorContext<OptionsOf<O>>): AsyncPolledSampler<F>;
}

/** When a stream's row was measured. Without it: on arrival. */
export interface EmitTime {
  /** Nanoseconds. */
  readonly at: bigint;
  /** `monotonic`: raw CLOCK_MONOTONIC; `realtime`: nanoseconds since the Unix epoch. */
  readonly clock: 'monotonic' | 'realtime';
}

export interface StreamContext<F extends Fields, O> extends CollectorContext<O> {
  /** Queues a row. A full queue counts it as lost. Rows measured before the origin are dropped. */
  emit(row: RowOf<F>, time?: EmitTime): void;
  /** The source itself lost n rows: a whole number. */
  lost(n: number | bigint): void;
  /** What the source said was no row (torn, or in no known form): counted and told like a row that its fields refuse. */
  invalid(code: string, reason: string): void;
  /** The source is well, though it has nothing to say. */
  alive(): void;
}

/** Rows come when the source has them. */
export interface StreamCollector<F extends Fields, O extends OptionsSchema> extends CollectorBase<F, O> {
  readonly kind: 'stream';
  /** Whether no rows can be normal, given that `alive()` was called. A silence of ten seconds lowers the grade of any other. */
  readonly sparse?: boolean;
  probe?(context: CollectorContext<OptionsOf<O>>): ProbeResult | Promise<ProbeResult>;
  /** `start` resolves when attached: from then on nothing is missed. */
  create(options: OptionsOf<O>, context: StreamContext<F, OptionsOf<O>>): Lifecycle;
}

export type CollectorDefinition<
  F extends Fields = Fields,
  O extends OptionsSchema = OptionsSchema,
  P extends string = string,
> = FilesCollector<F, O, P> | SyncPolledCollector<F, O> | AsyncPolledCollector<F, O> | StreamCollector<F, O>;

/** Any definition, whatever its types: what the host holds after a plugin was loaded. */
// biome-ignore lint/suspicious/noExplicitAny: methods are contravariant in the row and the options; no one type but any fits all.
export type AnyCollector = CollectorDefinition<any, any, any>;
