/**
 * One host_proc sample on the product's own path: PolledLoop, files sampler, parser, row encoder, row writer, appender,
 * in a collector's thread with the limits of one, but without the sleep between two ticks. Bundled by lib/build.mjs;
 * `node host-sample.mjs PID FILE` writes the rows to FILE and prints the microseconds of CPU time a sample.
 */
import { createHistogram } from 'node:perf_hooks';
import { isMainThread, parentPort } from 'node:worker_threads';
import { EventMerger } from '../src/core/collection/event-merger.ts';
import { PolledLoop } from '../src/core/collection/polled-loop.ts';
import { RowWriter } from '../src/core/collection/row-writer.ts';
import { createSampler } from '../src/core/collection/sampler.ts';
import { SharedState } from '../src/core/collection/shared-state.ts';
import { spawnWorker } from '../src/core/collection/spawn-worker.ts';
import { WorkerContext } from '../src/core/collection/worker-context.ts';
import { LineAppender } from '../src/core/files/line-appender.ts';
import { startTimeTicks } from '../src/core/procfs/process-stat.ts';
import { compileRowEncoder } from '../src/core/rows/row-encoder.ts';
import hostProc from '../src/plugins/host-proc/index.ts';

const WARM_UP_BATCHES = 20;
const BATCHES = 200;
const TICKS_A_BATCH = 1_000;
/** Longer than a batch takes, so that no tick of it is overrun. */
const INTERVAL_NS = 1_000_000_000;
const ROOTS = { proc: '/proc', sys: '/sys' };

if (isMainThread) {
  const [pid, file] = process.argv.slice(2);
  const worker = spawnWorker(new URL(import.meta.url), { pid: Number(pid), file });
  worker.on('message', (microseconds) => process.stdout.write(`${microseconds}\n`));
} else {
  parentPort.once('message', (start) => parentPort.postMessage(measure(start)));
}

function measure({ pid, file }) {
  const setup = setupOf(pid);
  const context = new WorkerContext({ setup, state: new SharedState(), events: makeEvents() });
  const sampler = createSampler(hostProc, context, fail);
  const batch = {
    sampler,
    context,
    facts: setup.facts,
    lateness: createHistogram(),
    appender: new LineAppender(file),
    encode: makeEncoder(),
  };
  sampler.start();
  for (let i = 0; i < WARM_UP_BATCHES; i++) runBatch(batch);
  const before = process.cpuUsage();
  for (let i = 0; i < BATCHES; i++) runBatch(batch);
  const { user, system } = process.cpuUsage(before);
  sampler.stop();
  return (user + system) / (BATCHES * TICKS_A_BATCH);
}

/**
 * An episode's run of the loop. In the stead of the sleep, the origin moves one interval into the past after each read:
 * the next tick is then due at once, and never late by more than the batch has lasted.
 */
function runBatch({ sampler, context, facts, lateness, appender, encode }) {
  const state = new SharedState();
  state.go(process.hrtime.bigint(), BigInt(Date.now()) * 1_000_000n);
  const { originMonoNs, originWallNs } = state;
  const events = makeEvents();
  const step = BigInt(INTERVAL_NS);
  const options = {
    sampler,
    state,
    events,
    lateness,
    facts,
    originMonoNs,
    intervalNs: INTERVAL_NS,
    durationNs: TICKS_A_BATCH * INTERVAL_NS,
    writer: new RowWriter({ appender, encode, state, events, originMonoNs, originWallNs }),
    takeMark: () => {
      options.originMonoNs -= step;
      return context.takeMark();
    },
  };
  new PolledLoop(options).runSync();
  if (state.get('rows') !== TICKS_A_BATCH)
    throw new Error(`${state.get('rows')} of ${TICKS_A_BATCH} rows were written`);
}

function setupOf(pid) {
  return {
    options: {},
    target: { type: 'pid', pid, startTimeTicks: startTimeTicks(ROOTS.proc, pid) },
    facts: { pageSizeBytes: 4096, clockTicksPerSecond: 100, cpus: 1 },
    roots: ROOTS,
  };
}

function makeEvents() {
  return new EventMerger(fail);
}

function makeEncoder() {
  return compileRowEncoder({
    fields: hostProc.fields,
    source: 'host_proc',
    availableInDeployment: false,
    envelope: 'tick',
  });
}

function fail(...what) {
  throw new Error(`the sample is not the one that was to be measured: ${what.slice(0, 2).join(' ')}`);
}
