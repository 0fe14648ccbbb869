/**
 * The entry of a collector's thread. It imports the plugin, tells what it is, and does as the main thread says: probe,
 * start, wait for the origin, sample until the end. Nothing of the plugin runs anywhere else.
 */
import { parentPort } from 'node:worker_threads';
import type { AnyCollector } from '../contract/collector.js';
import { errorCode, errorMessage } from '../errors/describe-error.js';
import { CappedFile } from '../files/capped-file.js';
import { LineAppender } from '../files/line-appender.js';
import { compileRowEncoder, type RowEncoder } from '../rows/row-encoder.js';
import { RowKeys } from '../rows/row-keys.js';
import { MAX_CODE_CHARS } from './bounds.js';
import { configureCollector } from './configure-collector.js';
import { EventMerger } from './event-merger.js';
import { GuestPort } from './guest-frame-reader.js';
import { requireNothingOpen } from './left-open.js';
import { describeCollector, loadCollectors, PluginRejected } from './load-collectors.js';
import { PolledLoop } from './polled-loop.js';
import { Prints } from './prints.js';
import { probeCollector } from './probe.js';
import type { CollectorSetup, FromWorker, Stage, ToWorker, WorkerStart } from './protocol.js';
import { RowWriter, WriteFailed } from './row-writer.js';
import { createGuestSampler, createSampler, isAsync, type Sampler } from './sampler.js';
import { ACTIVITY, CONTROL, SharedState } from './shared-state.js';
import { StreamRun } from './stream-run.js';
import { WorkerContext } from './worker-context.js';

const LOG_LIMIT_BYTES = 16 * 1024 * 1024;
/** It stands in an event, in meta.json and in the marker. */
const MAX_MESSAGE_CHARS = 2_000;

const port = parentPort!;
/** The thread may be started ahead of knowing what for. */
const start = await new Promise<WorkerStart>((resolve) => port.once('message', resolve));
const state = new SharedState(start.shared);
const prints = new Prints();
const events = new EventMerger((event, atMonoNs, fields) => send({ type: 'event', event, atMonoNs, fields }));
const abort = new AbortController();
let wake = deferred();
let guest: GuestPort | null = null;
let abortTimer: NodeJS.Timeout | undefined;
/** What is thrown outside of any call of ours, from a plugin's own timer or socket, ends its collector. */
let onUncaught = (error: unknown): void => {
  fail('thread', error);
  process.exit(1);
};

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve!: () => void;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

function send(message: FromWorker): void {
  port.postMessage(message);
}

function fail(stage: Stage, error: unknown): void {
  if (error instanceof WriteFailed) send({ type: 'write_failed', code: error.code, message: error.message });
  else
    send({
      type: 'failed',
      stage,
      code: errorCode(error).slice(0, MAX_CODE_CHARS),
      message: errorMessage(error).slice(0, MAX_MESSAGE_CHARS),
    });
}

async function main(): Promise<void> {
  prints.capture();
  const collectors = await load();
  if (collectors === null) return;
  const collector = collectors.find(({ name }) => name === start.collector);
  if (collector === undefined) {
    send({ type: 'described', collectors: collectors.map(describeCollector) });
    return;
  }
  let current = collector;
  port.on('message', (message: ToWorker) => {
    if (message.type === 'configure') current = configure(current, message);
    else if (message.type === 'guest') guest = new GuestPort(message.port);
    else onMessage(current, message);
  });
  send({ type: 'described', collectors: [describeCollector(collector)] });
}

async function load(): Promise<readonly AnyCollector[] | null> {
  try {
    const collectors = await loadCollectors(start.plugin);
    if (start.collector === undefined || collectors.some(({ name }) => name === start.collector)) return collectors;
    throw new PluginRejected(
      'PLUGIN_EXPORT',
      `it exports no collector "${start.collector}"; there are ${collectors.map(({ name }) => name).join(', ')}`,
    );
  } catch (error) {
    if (error instanceof PluginRejected)
      send({ type: 'rejected', code: error.code, message: error.message, problems: error.problems });
    else fail('import', error);
    return null;
  }
}

function configure(collector: AnyCollector, message: Extract<ToWorker, { type: 'configure' }>): AnyCollector {
  try {
    const configured = configureCollector(collector, message.options, message.baseDir);
    send({ type: 'configured', collector: describeCollector(configured) });
    return configured;
  } catch (error) {
    send({ type: 'configured', problem: errorMessage(error) });
    return collector;
  }
}

function onMessage(collector: AnyCollector, message: Exclude<ToWorker, { type: 'configure' | 'guest' }>): void {
  if (message.type === 'wake') {
    if (state.control === CONTROL.stop) abortAtEnd();
    wake.resolve();
    wake = deferred();
  } else if (message.type === 'probe') {
    void probeCollector(collector, contextOf(message.setup), guest).then((result) => send({ type: 'probed', result }));
  } else {
    void run(collector, message);
  }
}

/** The end may lie a little ahead: ticks that are due before it are whole. */
function abortAtEnd(): void {
  const leftNs = Number(state.originMonoNs - process.hrtime.bigint()) + state.endNs;
  if (leftNs <= 0) abort.abort();
  else abortTimer ??= setTimeout(() => abort.abort(), leftNs / 1e6);
}

function contextOf(setup: CollectorSetup): WorkerContext {
  return new WorkerContext({ setup, state, events, prints, signal: abort.signal });
}

/** The collector's life from `create` to `stop`. */
async function run(collector: AnyCollector, message: Extract<ToWorker, { type: 'start' }>): Promise<void> {
  const { setup, telemetryFile, artifactStem } = message;
  const context = contextOf(setup);
  context.artifactStem = artifactStem;
  const log = new CappedFile(`${artifactStem}.log`, LOG_LIMIT_BYTES);
  prints.direct(log);
  let stage: Stage = 'create';
  let sampler: Sampler | undefined;
  let appender: LineAppender | undefined;
  let errors: Readonly<Record<string, number>> = {};
  try {
    const onUnreadable = (path: string, code: string) =>
      events.add('source_unreadable', context.now(), { path, code: `${code} ${path}` });
    sampler =
      guest !== null && collector.kind === 'files'
        ? await createGuestSampler(collector, { ...setup, guest }, onUnreadable)
        : createSampler(collector, context, onUnreadable);
    appender = new LineAppender(telemetryFile);
    const openWriter = writerOf(appender, encoderOf(collector, setup));
    const stream = collector.kind === 'stream' ? openStream(context, openWriter, setup) : null;
    stage = 'start';
    await sampler.start?.();
    send({ type: 'ready' });
    await untilGo();
    stage = 'sample';
    if (stream === null) errors = await runPolled({ collector, message, context, writer: openWriter(), sampler });
    else await runStream(stream, sampler, () => (stage = 'stop'));
  } catch (error) {
    fail(stage, error);
  }
  clearTimeout(abortTimer);
  abort.abort();
  try {
    await sampler?.stop?.();
    guest?.close();
    await requireNothingOpen();
  } catch (error) {
    fail('stop', error);
  }
  events.flush(process.hrtime.bigint(), true);
  appender?.close();
  context.close();
  log.close();
  state.activity = ACTIVITY.done;
  send({ type: 'finished', errors });
  port.close();
}

/** A collector that needs no event loop sleeps at once; the others hear of it by a message. */
async function untilGo(): Promise<void> {
  state.activity = ACTIVITY.waiting;
  while (state.control === CONTROL.hold) await wake.promise;
}

function encoderOf({ fields, kind }: AnyCollector, { source, availableInDeployment }: CollectorSetup): RowEncoder {
  return compileRowEncoder({ fields, source, availableInDeployment, envelope: kind === 'stream' ? 'seq' : 'tick' });
}

/** The writer needs the origin, which is known when the episode is released. */
function writerOf(appender: LineAppender, encode: RowEncoder): () => RowWriter {
  return () => {
    const { originMonoNs, originWallNs } = state;
    return new RowWriter({ appender, encode, state, events, originMonoNs, originWallNs });
  };
}

function openStream(context: WorkerContext, openWriter: () => RowWriter, { durationNs }: CollectorSetup): StreamRun {
  const stream = new StreamRun({ state, events, durationNs, openWriter, nextWake: () => wake.promise });
  context.findQueue = stream.findQueue;
  return stream;
}

async function runStream(stream: StreamRun, sampler: Sampler, onStop: () => void): Promise<void> {
  onUncaught = stream.onFailure;
  await stream.untilEnd(sampler, onStop);
}

interface PolledRun {
  readonly collector: AnyCollector;
  readonly message: Extract<ToWorker, { type: 'start' }>;
  readonly context: WorkerContext;
  readonly writer: RowWriter;
  readonly sampler: Sampler;
}

async function runPolled({
  collector,
  message,
  context,
  writer,
  sampler,
}: PolledRun): Promise<Readonly<Record<string, number>>> {
  const { facts, intervalNs, lateAfterNs, durationNs } = message.setup;
  const loop = new PolledLoop({
    sampler,
    state,
    writer,
    events,
    facts,
    intervalNs,
    lateAfterNs,
    durationNs,
    lateness: message.lateness,
    originMonoNs: state.originMonoNs,
    takeMark: context.takeMark,
    keys: new RowKeys(collector.fields),
    nextWake: () => wake.promise,
    isStamped: message.setup.vantage === 'guest',
    isAborted: () => abort.signal.aborted,
  });
  if (isAsync(collector, message.setup.vantage)) await loop.runAsync();
  else loop.runSync();
  return loop.errors;
}

process.on('unhandledRejection', (error) => onUncaught(error));
process.on('uncaughtException', (error) => onUncaught(error));

void main();
