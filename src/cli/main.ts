import { flush, handle, run } from '@oclif/core';
import { EXIT } from '../core/errors/error-table.js';

/** What oclif exits with if there is no such command. */
const UNKNOWN_COMMAND = 127;

/** Runs the command line. `entry` is the URL of bin/run.js. Commands report their own errors; what arrives here is oclif's (an unknown command, say). */
export async function main(entry: string): Promise<void> {
  try {
    await run(process.argv.slice(2), entry);
    await flush();
  } catch (error) {
    const { oclif } = error as { oclif?: { exit?: number } };
    if (oclif?.exit === UNKNOWN_COMMAND) oclif.exit = EXIT.usage;
    await handle(error as Error);
  }
}
