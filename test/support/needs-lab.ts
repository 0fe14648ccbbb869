import { type TestContext, test } from 'vitest';
import { readImage } from '../../src/core/lab/image/read-image.js';
import { resolveExecutable } from '../../src/core/targets/executable.js';

/** Boots under emulation, beside other tests. */
const TIMEOUT_MS = 240_000;

/** A test with the real QEMU and the lab's image. Left out, and loudly, where something is missing; in CI it fails there. */
export function networkTest(name: string, run: (context: TestContext) => unknown): void {
  const missing = whatIsMissing();
  const isLeftOut = missing !== null && process.env.CI === undefined;
  if (isLeftOut) console.error(`LEFT OUT: "${name}", because ${missing}`);
  test.skipIf(isLeftOut)(name, { timeout: TIMEOUT_MS }, async (context) => {
    if (missing !== null) throw new Error(missing);
    await run(context);
  });
}

function whatIsMissing(): string | null {
  const programs = ['qemu-system-x86_64', 'qemu-img', 'ip', 'tcpdump', 'unshare', 'nsenter', 'setpriv'];
  const missing = programs.filter((program) => resolveExecutable(program, '/') === null);
  if (missing.length > 0) return `${missing.join(', ')} can not be found`;
  if (process.getuid?.() !== 0) return 'an isolated network needs root';
  try {
    readImage();
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}
