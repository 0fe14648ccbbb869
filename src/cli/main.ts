import { homedir, userInfo } from 'node:os';
import { endAllThreads, startSpares } from '../core/collection/spawn-worker.js';
import { workerEntry } from '../core/package-info.js';
import { tellOutOfDescriptors } from './out-of-descriptors.js';

/** As many as there are default collectors; more are started when they are known. */
const SPARES = 2;

/** Runs the command line. `entry` is the URL of bin/run.js. Threads boot while oclif is loaded, which takes as long. */
export async function main(entry: string): Promise<void> {
  const argv = process.argv.slice(2);
  ensureUser();
  if (argv[0] === 'episode' && argv[1] === 'start') startSpares(workerEntry, SPARES);
  try {
    const { runCommand } = await import('./run-command.js');
    await runCommand(argv, entry);
    await leave();
  } catch (error) {
    tellOutOfDescriptors(error);
    process.exit();
  }
}

/** Nothing that a failed start left open keeps the process alive; a thread that can't be ended does not either. */
async function leave(): Promise<void> {
  if (await endAllThreads()) process.exit();
  const { hardExit } = await import('./hard-exit.js');
  await hardExit(Number(process.exitCode ?? 0));
}

/**
 * Who has a number and no entry in /etc/passwd, as in containers, may have neither HOME nor SHELL; oclif asks for both, and
 * would not even load.
 */
function ensureUser(): void {
  process.env.HOME ??= orElse(homedir, '/nonexistent');
  process.env.SHELL ??= orElse(() => userInfo().shell, '/bin/sh');
}

function orElse(ask: () => string | null, otherwise: string): string {
  try {
    return ask() ?? otherwise;
  } catch {
    return otherwise;
  }
}
