import { Worker } from 'node:worker_threads';
import type { WorkerStart } from './protocol.js';

/** All that a plugin sees of the environment: what programs need to be found and to speak one's language. */
const PASSED_ON = /^(?:PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_[A-Z]+|TZ|TMPDIR|LD_LIBRARY_PATH)$/;
/** A plugin that leaks reaches this limit and ends, before the machine does. */
const MAX_HEAP_MB = 256;
/** Rows are short-lived: a small nursery keeps a thread's resident memory small. */
const MAX_NURSERY_MB = 2;

/** Starts a collector's thread: an empty argv, a filtered environment, a heap limit. Its output is its own affair. */
export function spawnWorker(entry: URL, workerData: WorkerStart): Worker {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => PASSED_ON.test(name)));
  return new Worker(entry, {
    workerData,
    env,
    argv: [],
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB, maxYoungGenerationSizeMb: MAX_NURSERY_MB },
  });
}
