import type { MessagePort, Worker } from 'node:worker_threads';
import type { ProbeResult } from '../contract/collector.js';
import { CisError } from '../errors/cis-error.js';
import { errorCode, errorMessage } from '../errors/describe-error.js';
import { keepWholeLines } from '../files/keep-whole-lines.js';
import { createDurations } from '../time/durations.js';
import type {
  CollectorDescription,
  CollectorSetup,
  EventFields,
  FromWorker,
  PluginOptions,
  Stage,
  ToWorker,
} from './protocol.js';
import { ACTIVITY, SharedState } from './shared-state.js';
import { spawnWorker } from './spawn-worker.js';

const ANSWER_TIMEOUT_MS = 10_000;
const TERMINATE_TIMEOUT_MS = 1_000;

export interface CollectorFailure {
  readonly stage: Stage;
  readonly code: string;
  readonly message: string;
}

export interface CollectorHostOptions {
  /** The module that exports the collector, and its name there. Without a name the worker only describes the module. */
  readonly url: string;
  readonly collector?: string;
  /** Who is to blame, for messages: the plugin, and the instance if it has another name. */
  readonly owner: string;
  readonly source?: string;
  readonly workerEntry: URL;
}

/** What happens while a collector runs. */
export interface CollectorListener {
  onEvent(event: string, atMonoNs: bigint, fields: EventFields): void;
  /** The collector ended by itself; the others go on. */
  onFailed(failure: CollectorFailure): void;
  /** Its file can't be written: the episode can't go on. */
  onWriteFailed(code: string, message: string): void;
}

type Answer = FromWorker['type'];

/**
 * The main thread's end of one collector's thread. Requests are answered one at a time and within ten seconds; figures
 * come by shared memory, so a thread that no longer answers has still told how far it came.
 */
export class CollectorHost {
  readonly state = new SharedState();
  /** Lateness of each tick in nanoseconds, to three digits; shared with the thread. */
  readonly lateness = createDurations();
  /** Counts of thrown samples by code; null if the thread did not live to tell. */
  errors: Readonly<Record<string, number>> | null = null;
  failure: CollectorFailure | null = null;
  /** Why it was given up, if it was. */
  abandonment: string | null = null;
  /** It is stuck in a system call: the process can't exit in the usual way. */
  isBlocked = false;
  readonly ended: Promise<void>;
  readonly #worker: Worker;
  readonly #owner: string;
  readonly #wanted: string | undefined;
  readonly #source: string | undefined;
  #listener: CollectorListener | undefined;
  /** Events from before the origin, which has to be known to give them a time. */
  readonly #early: Extract<FromWorker, { type: 'event' }>[] = [];
  #awaited: { readonly type: Answer; resolve(message: FromWorker): void; reject(error: Error): void } | undefined;
  #resolveEnded!: () => void;
  #hasFinished = false;
  #telemetryFile: string | undefined;

  constructor({ url, collector, owner, source, workerEntry }: CollectorHostOptions) {
    this.#owner = owner;
    this.#source = source;
    this.#wanted = collector;
    this.ended = new Promise((resolve) => (this.#resolveEnded = resolve));
    this.#worker = spawnWorker(workerEntry, {
      plugin: url,
      shared: this.state.buffer,
      ...(collector !== undefined && { collector }),
    });
    this.#worker.on('message', (message: FromWorker) => this.#onMessage(message));
    this.#worker.on('error', (error) => this.#onLost(errorCode(error), errorMessage(error)));
    this.#worker.on('exit', (code) => this.#onExit(code));
  }

  /** What the plugin's module exports, checked against the contract. Throws PLUGIN_* errors. */
  async describe(): Promise<readonly CollectorDescription[]> {
    const message = await this.#answer('described', 'PLUGIN_LOAD', 'was not imported');
    return (message as Extract<FromWorker, { type: 'described' }>).collectors;
  }

  /** What the collector is with these options, or what is wrong with them. Throws PLUGIN_LOAD. */
  async configure(options: PluginOptions, baseDir: string): Promise<Extract<FromWorker, { type: 'configured' }>> {
    this.#send({ type: 'configure', options, baseDir });
    return (await this.#answer('configured', 'PLUGIN_LOAD', 'was not configured')) as never;
  }

  /** Where it reads files of the guest; before it is probed. */
  lookIntoGuest(port: MessagePort): void {
    this.#worker.postMessage({ type: 'guest', port } satisfies ToWorker, [port]);
  }

  async probe(setup: CollectorSetup): Promise<ProbeResult> {
    this.#send({ type: 'probe', setup });
    const message = await this.#answer('probed', 'COLLECTOR_NOT_READY', 'did not finish its probe');
    return (message as Extract<FromWorker, { type: 'probed' }>).result;
  }

  /** Resolves when it waits for the origin. Throws COLLECTOR_NOT_READY. */
  async start(setup: CollectorSetup, telemetryFile: string, artifactStem: string): Promise<void> {
    this.#telemetryFile = telemetryFile;
    this.#send({ type: 'start', setup, telemetryFile, artifactStem, lateness: this.lateness });
    await this.#answer('ready', 'COLLECTOR_NOT_READY', 'was not ready');
  }

  go(originMonoNs: bigint, originWallNs: bigint, listener: CollectorListener): void {
    this.#listener = listener;
    for (const { event, atMonoNs, fields } of this.#early.splice(0)) listener.onEvent(event, atMonoNs, fields);
    if (this.failure !== null) listener.onFailed(this.failure);
    this.state.go(originMonoNs, originWallNs);
    this.#send({ type: 'wake' });
  }

  stop(endNs: bigint): void {
    this.state.stop(endNs);
    this.#send({ type: 'wake' });
  }

  get isRunning(): boolean {
    return !this.#hasFinished && this.failure === null && this.abandonment === null;
  }

  /** Whether its file may be hashed: a thread stuck inside its own write may still append. */
  get isFileSettled(): boolean {
    return !this.isBlocked || this.state.activity !== ACTIVITY.writing;
  }

  /** Gives up on it, without waiting for its consent. */
  async terminate(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<'timeout'>(
      (resolve) => (timer = setTimeout(() => resolve('timeout'), TERMINATE_TIMEOUT_MS)),
    );
    this.isBlocked = (await Promise.race([this.#worker.terminate(), timeout])) === 'timeout';
    clearTimeout(timer);
    if (this.isBlocked) this.#worker.unref();
    this.#resolveEnded();
  }

  #send(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  async #answer(type: Answer, code: 'PLUGIN_LOAD' | 'COLLECTOR_NOT_READY', what: string): Promise<FromWorker> {
    let timer: NodeJS.Timeout | undefined;
    const answer = new Promise<FromWorker>((resolve, reject) => {
      const fail = (error: Error) =>
        reject(
          error instanceof CisError
            ? error
            : new CisError(code, `${this.#name} ${what}: ${error.message}`, { cause: error }),
        );
      this.#awaited = { type, resolve, reject: fail };
      timer = setTimeout(() => fail(new Error(`no answer within ${ANSWER_TIMEOUT_MS / 1000} s`)), ANSWER_TIMEOUT_MS);
      if (this.failure !== null) fail(new Error(this.failure.message));
    });
    try {
      return await answer;
    } finally {
      clearTimeout(timer);
      this.#awaited = undefined;
    }
  }

  get #name(): string {
    if (this.#wanted === undefined) return `plugin "${this.#owner}"`;
    const isRenamed = this.#source !== undefined && this.#source !== this.#wanted;
    return `collector ${isRenamed ? `"${this.#source}", a ` : ''}"${this.#wanted}" of "${this.#owner}"`;
  }

  #onMessage(message: FromWorker): void {
    switch (message.type) {
      case 'event':
        if (this.#listener === undefined) this.#early.push(message);
        else this.#listener.onEvent(message.event, message.atMonoNs, message.fields);
        break;
      case 'write_failed':
        this.#listener?.onWriteFailed(message.code, message.message);
        break;
      case 'failed':
        this.#onFailure({ stage: message.stage, code: message.code, message: message.message });
        break;
      case 'finished':
        this.errors = message.errors;
        this.#hasFinished = true;
        this.#resolveEnded();
        break;
      case 'rejected':
        this.#awaited?.reject(
          new CisError(message.code, `${this.#name} can't be used: ${message.message}`, { problems: message.problems }),
        );
        break;
      default:
        if (this.#awaited?.type === message.type) this.#awaited.resolve(message);
    }
  }

  #onFailure(failure: CollectorFailure): void {
    if (this.failure !== null || this.abandonment !== null) return;
    this.failure = failure;
    this.#awaited?.reject(new Error(failure.message));
    this.#listener?.onFailed(failure);
  }

  /** The thread died: an uncaught error, its heap limit, `process.exit`. */
  #onLost(code: string, message: string): void {
    if (!this.#hasFinished) this.#onFailure({ stage: 'thread', code, message });
    this.#resolveEnded();
  }

  #onExit(code: number): void {
    this.isBlocked = false;
    this.#countFile();
    this.#onLost('WORKER_EXIT', `its thread ended with exit code ${code}`);
  }

  /** A thread that was ended within its own write has not counted what it wrote, and may have left half a line. */
  #countFile(): void {
    if (this.#telemetryFile === undefined || this.state.activity !== ACTIVITY.writing) return;
    try {
      const { lines, bytes } = keepWholeLines(this.#telemetryFile);
      this.state.set('rows', lines);
      this.state.set('bytes', bytes);
      this.state.activity = ACTIVITY.done;
    } catch {
      this.isBlocked = true; // nobody can vouch for the file, as if the thread were still at it
    }
  }
}
