import { Worker } from 'node:worker_threads';
import { recorderMark } from '../recorder/recorder-mark.js';
import { RECORDER_VARIABLE } from '../targets/orphans.js';
import type { WorkerStart } from './protocol.js';

/** All that a plugin sees of the environment: what programs need to be found and to speak one's language. */
const PASSED_ON = /^(?:PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_[A-Z]+|TZ|TMPDIR|LD_LIBRARY_PATH)$/;
/** A plugin that leaks reaches this limit and ends, before the machine does. */
const MAX_HEAP_MB = 256;
/** Rows are short-lived: a small nursery keeps a thread's resident memory small. */
const MAX_NURSERY_MB = 2;

/** Threads that were started ahead: booting one takes longer than all else between the command and its first sample. */
const spares: Worker[] = [];

/** Every thread that has not ended. */
const living = new Set<Worker>();
const END_TIMEOUT_MS = 1_000;

/** Ends all threads, also those that a failed start forgot. False if one is blocked in a system call. */
export async function endAllThreads(): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), END_TIMEOUT_MS)));
  const ends = Promise.all([...living].map((worker) => worker.terminate())).then(() => true);
  const haveEnded = await Promise.race([ends, timeout]);
  clearTimeout(timer);
  return haveEnded;
}

/** Starts threads before it is known what for, while the main thread is busy with loading. They keep nothing alive. */
export function startSpares(entry: URL, count: number): void {
  for (let i = 0; i < count; i++) {
    const worker = createWorker(entry);
    worker.unref();
    worker.once('error', () => spares.splice(spares.indexOf(worker), 1)); // who needs a thread will try again, and tell
    spares.push(worker);
  }
}

/** A collector's thread: an empty argv, a filtered environment, a heap limit. Its output is its own affair. */
export function spawnWorker(entry: URL, start: WorkerStart): Worker {
  const worker = spares.pop() ?? createWorker(entry);
  worker.ref();
  worker.stdout.resume();
  worker.stderr.resume();
  worker.postMessage(start);
  return worker;
}

function createWorker(entry: URL): Worker {
  const passedOn = Object.entries(process.env).filter(([name]) => PASSED_ON.test(name));
  // by it the next start finds programs that a plugin has started and a killed recorder has left
  const env = { ...Object.fromEntries(passedOn), [RECORDER_VARIABLE]: recorderMark() };
  const worker = new Worker(entry, {
    env,
    argv: [],
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB, maxYoungGenerationSizeMb: MAX_NURSERY_MB },
  });
  living.add(worker);
  worker.once('exit', () => living.delete(worker));
  return worker;
}
