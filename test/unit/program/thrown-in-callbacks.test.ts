import { expect, test } from 'vitest';
import { runScript, uncaughtBy } from '../support/programs.js';

const fail = () => {
  throw new Error('not today');
};

/** The thread of a collector takes what is uncaught for the collector's end. */
test.each([
  ['onLine', 'echo a; sleep 600', { onLine: fail }],
  ['onLine, for a last line without a line feed', 'printf a', { onLine: fail }],
  ['onLongLine', 'head -c 2000000 /dev/zero; echo; sleep 600', { onLongLine: fail }],
  ['onStderr', 'echo a >&2; sleep 600', { onStderr: fail }],
  ['onExit', 'exit 1', { onExit: fail }],
])('what %s throws is uncaught, and not lost', async (_, script, options) => {
  let program: Awaited<ReturnType<typeof runScript>>['program'] | undefined;
  const caught: unknown[] = await uncaughtBy(async () => {
    const thrown = new Promise<void>((resolve) => {
      process.once('uncaughtException', () => resolve());
      process.once('unhandledRejection', () => resolve());
    });
    ({ program } = await runScript(script, options));
    await thrown;
    await program.stop().catch(() => {});
  });
  expect(caught.map((error) => (error as Error).message)).toContain('not today');
});
