import { flush, handle, run } from '@oclif/core';

/** Runs the command line. `entry` is the URL of bin/run.js. Commands report their own errors; what arrives here is oclif's (an unknown command, say). */
export async function main(entry: string): Promise<void> {
  try {
    await run(process.argv.slice(2), entry);
    await flush();
  } catch (error) {
    await handle(error as Error);
  }
}
