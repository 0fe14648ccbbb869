import type { EmitTime, StreamContext } from '../contract/collector.js';
import type { Fields } from '../contract/fields.js';
import { errorMessage } from '../errors/describe-error.js';
import { CappedFile } from '../files/capped-file.js';
import { MAX_CODE_CHARS, MAX_TEXT_CHARS } from './bounds.js';
import type { EventMerger } from './event-merger.js';
import { FatalError } from './fatal-error.js';
import type { Prints } from './prints.js';
import type { CollectorSetup, EventFields, PluginOptions } from './protocol.js';
import type { SharedState } from './shared-state.js';
import type { StreamQueue } from './stream-queue.js';

const ARTIFACT_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const ARTIFACT_LIMIT_BYTES = 64 * 1024 * 1024;

const MAX_EVENT_FIELDS = 64;

/** An event's row is flat: whatever else a plugin gives is told as text. */
function scalarsOf(fields: Readonly<Record<string, unknown>>): EventFields {
  return Object.fromEntries(
    Object.entries(fields)
      .slice(0, MAX_EVENT_FIELDS)
      .map(([key, value]) => [key.slice(0, MAX_CODE_CHARS), scalarOf(value)]),
  );
}

function scalarOf(value: unknown): EventFields[string] {
  if (value === null || typeof value === 'boolean' || Number.isFinite(value)) return value as number | boolean | null;
  if (typeof value === 'bigint' && BigInt.asIntN(65, value) === value) return value;
  return errorMessage(value).slice(0, MAX_TEXT_CHARS);
}

/** How many rows, if a plugin may say so. */
function countOf(value: unknown): number | null {
  const count = typeof value === 'bigint' ? Number(value) : value;
  return Number.isSafeInteger(count) && (count as number) >= 0 ? (count as number) : null;
}

export interface WorkerContextOptions {
  readonly setup: CollectorSetup;
  readonly state: SharedState;
  readonly events: EventMerger;
  readonly prints: Prints;
  readonly signal: AbortSignal;
}

/** What a plugin sees of the host. Before the collector is started, artifacts and rows go nowhere. */
export class WorkerContext implements StreamContext<Fields, PluginOptions> {
  readonly options: PluginOptions;
  readonly target: CollectorSetup['target'];
  readonly facts: CollectorSetup['facts'];
  readonly intervalNs: number;
  readonly roots: CollectorSetup['roots'];
  readonly signal: AbortSignal;
  readonly log = {
    info: (message: string) => this.#prints.write(`${message}\n`),
    warn: (message: string) => this.#prints.write(`warning: ${message}\n`),
  };
  /** Where a stream's rows go; nowhere as long as there is no queue. */
  findQueue: () => Pick<StreamQueue, 'emit' | 'lost' | 'invalid'> | undefined = () => undefined;
  artifactStem: string | undefined;
  readonly #events: EventMerger;
  readonly #prints: Prints;
  readonly #state: SharedState;
  readonly #artifacts: CappedFile[] = [];
  #mark: bigint | undefined;

  constructor({ setup, state, events, prints, signal }: WorkerContextOptions) {
    this.options = setup.options;
    this.target = setup.target;
    this.facts = setup.facts;
    this.intervalNs = setup.intervalNs;
    this.roots = setup.roots;
    this.signal = signal;
    this.#events = events;
    this.#prints = prints;
    this.#state = state;
  }

  now = (): bigint => process.hrtime.bigint();

  mark = (): void => {
    this.#mark = process.hrtime.bigint();
  };

  takeMark = (): bigint | undefined => {
    const mark = this.#mark;
    this.#mark = undefined;
    return mark;
  };

  event: StreamContext<Fields, PluginOptions>['event'] = (code, fields = {}) => {
    this.#events.add('target_event', process.hrtime.bigint(), {
      ...scalarsOf(fields),
      code: String(code).slice(0, MAX_CODE_CHARS),
    });
  };

  artifact = (name: string): CappedFile => {
    if (!ARTIFACT_NAME.test(name))
      throw new Error(`an artifact's name has letters, digits, ".", "_" and "-", not ${JSON.stringify(name)}`);
    if (this.artifactStem === undefined) throw new Error('an artifact can be opened in start or later');
    const file = new CappedFile(`${this.artifactStem}.${name}`, ARTIFACT_LIMIT_BYTES);
    this.#artifacts.push(file);
    return file;
  };

  fatal = (reason: string): never => {
    throw new FatalError(reason);
  };

  emit = (row: unknown, time?: EmitTime): void => {
    this.alive();
    this.findQueue()?.emit(row, time);
  };

  /** What is no count says that something is lost, but not how much: that row is counted as one that is none. */
  lost = (n: number | bigint): void => {
    const count = countOf(n);
    if (count === null) this.invalid('lost', `it says that it lost ${errorMessage(n)} rows; a whole number is wanted`);
    else if (count > 0) this.findQueue()?.lost(count);
  };

  invalid = (code: string, reason: string): void => {
    this.findQueue()?.invalid(String(code), String(reason));
  };

  alive = (): void => {
    this.#state.set('isAlive', 1);
  };

  /** Closes what the plugin opened through it. */
  close(): void {
    for (const file of this.#artifacts) file.close();
  }
}
