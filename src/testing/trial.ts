import { strict as assert } from 'node:assert';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configureCollector } from '../core/collection/configure-collector.js';
import { EventMerger } from '../core/collection/event-merger.js';
import { Prints } from '../core/collection/prints.js';
import { probeCollector } from '../core/collection/probe.js';
import type { PluginOptions } from '../core/collection/protocol.js';
import { rowTime } from '../core/collection/row-time.js';
import { createSampler, type Sampler } from '../core/collection/sampler.js';
import { SharedState } from '../core/collection/shared-state.js';
import { WorkerContext } from '../core/collection/worker-context.js';
import type { AnyCollector, EmitTime, ProbeResult, TargetView, VantageFacts } from '../core/contract/collector.js';
import { errorMessage } from '../core/errors/describe-error.js';
import { compileRowEncoder, type RowEncoder } from '../core/rows/row-encoder.js';
import { RowKeys } from '../core/rows/row-keys.js';
import { SchemaRegistry } from '../core/schemas/schema-registry.js';
import { within } from './within.js';

export interface TrialMachine {
  readonly roots: { readonly proc: string; readonly sys: string };
  readonly target: TargetView | null;
  readonly facts: VantageFacts;
  /** As a configuration has them; defaults are filled in. */
  readonly options: PluginOptions;
}

const schemas = new SchemaRegistry();

/** One life of a collector in this thread, with every row held against its fields. */
export class Trial {
  readonly collector: AnyCollector;
  readonly context: WorkerContext;
  /** The rows so far, printed as they would be in the file but for the columns of the host: `{"tick":0,...}`. */
  readonly rows: string[] = [];
  readonly #refused: string[] = [];
  readonly #abort = new AbortController();
  readonly #state = new SharedState();
  /** From its start until its stop: before, no artifact may be opened. */
  #artifacts: string | undefined;
  readonly #encode: RowEncoder;
  readonly #sampler: Sampler;
  readonly #keys: RowKeys;
  readonly #facts: VantageFacts;

  private constructor(collector: AnyCollector, machine: TrialMachine) {
    this.collector = collector;
    this.#facts = machine.facts;
    this.context = contextOf(collector, machine, this.#abort.signal, this.#state);
    const { fields, kind, name, availableInDeployment } = collector;
    this.#keys = new RowKeys(fields);
    this.#encode = compileRowEncoder({
      fields,
      source: name,
      availableInDeployment: availableInDeployment.value,
      envelope: kind === 'stream' ? 'seq' : 'tick',
    });
    this.context.findQueue = () => ({
      emit: (row, time) => this.#takeAt(row, time),
      lost() {},
      invalid: (code, reason) => void this.#refused.push(`${code}: ${reason}`),
    });
    this.#sampler = createSampler(collector, this.context, () => {});
  }

  /** Fills in the defaults and calls `create`. Throws what is wrong with the options, and what `create` throws. */
  static async create(collector: AnyCollector, machine: TrialMachine): Promise<Trial> {
    const options = await completeOptions(collector, machine.options);
    return new Trial(configureCollector(collector, options, process.cwd()), { ...machine, options });
  }

  async start(): Promise<void> {
    this.#artifacts ??= mkdtempSync(join(tmpdir(), 'cis490-trial-'));
    this.context.artifactStem = join(this.#artifacts, this.collector.name);
    await within('start', this.#sampler.start?.() as Promise<void> | undefined);
  }

  /** One sample; how many rows came of it. Throws what the collector throws. A stream has none. */
  async sample(index: number): Promise<number> {
    const before = this.rows.length;
    const result = await within('sample', this.#sampler.sample?.({ index, facts: this.#facts }));
    this.#keys.begin();
    for (const row of Array.isArray(result) ? result : result === null || result === undefined ? [] : [result]) {
      const problem = this.#keys.problemOf(row);
      if (problem === null) this.#take(row, index);
      else this.#refused.push(problem);
    }
    return this.rows.length - before;
  }

  /** A sample that is still being taken. */
  begin(index: number): unknown {
    return this.#sampler.sample?.({ index, facts: this.#facts });
  }

  abort(): void {
    this.#abort.abort();
  }

  async stop(): Promise<void> {
    await within('stop', this.#sampler.stop?.() as Promise<void> | undefined);
  }

  /** Throws why rows were refused, if any were. */
  requireValidRows(): void {
    const [first] = this.#refused;
    const more = this.#refused.length > 1 ? `, and ${this.#refused.length - 1} more` : '';
    assert.equal(first, undefined, `rows are not what its fields say: ${first}${more}`);
  }

  /** Removes what the host would have kept. */
  close(): void {
    this.context.close();
    if (this.#artifacts !== undefined) rmSync(this.#artifacts, { recursive: true, force: true });
  }

  /** Whether it has given a row, or said that it is well. */
  get isAlive(): boolean {
    return this.#state.get('isAlive') === 1;
  }

  /** Captured rows may be old; otherwise their times have to be sound. */
  #takeAt(row: unknown, time: EmitTime | undefined): void {
    try {
      const nowNs = process.hrtime.bigint();
      rowTime(time, { originMonoNs: nowNs, originWallNs: BigInt(Date.now()) * 1_000_000n, nowNs });
      this.#take(row, this.rows.length);
    } catch (error) {
      this.#refused.push(errorMessage(error));
    }
  }

  #take(row: unknown, position: number): void {
    try {
      const line = this.#encode(row, 0, 0n, position, 0);
      this.rows.push(ownColumns(line));
    } catch (error) {
      this.#refused.push(errorMessage(error));
    }
  }
}

/** What the host's probe says, on this machine. */
export async function probeOn(collector: AnyCollector, machine: TrialMachine): Promise<ProbeResult> {
  const options = await completeOptions(collector, machine.options);
  const configured = configureCollector(collector, options, process.cwd());
  const context = contextOf(configured, { ...machine, options }, new AbortController().signal);
  return within('probe', probeCollector(configured, context));
}

function contextOf(
  { name, availableInDeployment }: AnyCollector,
  { roots, target, facts, options }: TrialMachine,
  signal: AbortSignal,
  state = new SharedState(),
): WorkerContext {
  const setup = {
    source: name,
    availableInDeployment: availableInDeployment.value,
    vantage: 'local',
    options,
    target: availableInDeployment.value ? null : target,
    facts,
    roots,
    intervalNs: 1e8,
    lateAfterNs: 1e8,
    durationNs: 1e9,
  } as const;
  return new WorkerContext({
    setup,
    state,
    events: new EventMerger(() => {}),
    prints: new Prints(),
    signal,
  });
}

/** The options with their defaults. Throws what the schema refuses. */
export async function completeOptions(collector: AnyCollector, options: PluginOptions): Promise<PluginOptions> {
  const validate = await schemas.options(collector.options);
  const complete = structuredClone(options);
  if (validate(complete)) return complete;
  const problems = (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath || '/'} ${message}`);
  throw new Error(
    `the options ${JSON.stringify(options)} are refused: ${problems.join('; ')}; give others by contractChecks(plugin, { options }), or in the case.json of a fixture`,
  );
}

/** Without times, source and availability. */
function ownColumns(line: string): string {
  const position = /"(?:tick|seq)":\d+/.exec(line)!;
  const rest = line.slice(position.index + position[0].length).replace(/^,"epoch":0/, '');
  return `{${position[0]}${rest.trimEnd()}`;
}
