import { Worker } from 'node:worker_threads';
import type { WorkerStart } from './protocol.js';

/** All that a plugin sees of the environment: what programs need to be found and to speak one's language. */
const PASSED_ON = /^(?:PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_[A-Z]+|TZ|TMPDIR|LD_LIBRARY_PATH)$/;
/** A plugin that leaks reaches this limit and ends, before the machine does. */
const MAX_HEAP_MB = 256;
/** Rows are short-lived: a small nursery keeps a thread's resident memory small. */
const MAX_NURSERY_MB = 2;

/** Threads that were started ahead: booting one takes longer than all else between the command and its first sample. */
const spares: Worker[] = [];

/** Starts threads before it is known what for, while the main thread is busy with loading. They keep nothing alive. */
export function startSpares(entry: URL, count: number): void {
  for (let i = 0; i < count; i++) {
    const worker = createWorker(entry);
    worker.unref();
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
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => PASSED_ON.test(name)));
  return new Worker(entry, {
    env,
    argv: [],
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB, maxYoungGenerationSizeMb: MAX_NURSERY_MB },
  });
}
