import { flush, handle, run } from '@oclif/core';
import { EXIT } from '../core/errors/error-table.js';
import { isOutOfDescriptors } from './out-of-descriptors.js';

/** What oclif exits with if there is no such command. */
const UNKNOWN_COMMAND = 127;

/** Commands report their own errors; what arrives here is oclif's (an unknown command, say). Throws EMFILE where a file of the program could not be opened. */
export async function runCommand(argv: string[], entry: string): Promise<void> {
  try {
    await run(argv, entry);
    await flush();
  } catch (error) {
    if (isOutOfDescriptors(error)) throw error;
    const { oclif } = error as { oclif?: { exit?: number } };
    if (oclif?.exit === UNKNOWN_COMMAND) oclif.exit = EXIT.usage;
    await handle(error as Error);
  }
}
