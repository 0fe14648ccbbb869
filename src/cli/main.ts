import { endAllThreads, startSpares } from '../core/collection/spawn-worker.js';
import { workerEntry } from '../core/package-info.js';

/** As many as there are default collectors; more are started when they are known. */
const SPARES = 2;

/** Runs the command line. `entry` is the URL of bin/run.js. Threads boot while oclif is loaded, which takes as long. */
export async function main(entry: string): Promise<void> {
  const argv = process.argv.slice(2);
  if (argv[0] === 'episode' && argv[1] === 'start') startSpares(workerEntry, SPARES);
  const { runCommand } = await import('./run-command.js');
  await runCommand(argv, entry);
  await leave();
}

/** Nothing that a failed start left open keeps the process alive; a thread that can't be ended does not either. */
async function leave(): Promise<void> {
  if (await endAllThreads()) process.exit();
  const { hardExit } = await import('./hard-exit.js');
  await hardExit(Number(process.exitCode ?? 0));
}
