import { test } from 'vitest';

/** A test that needs root: for namespaces, mounts, devices. Left out, and loudly, for another user; in CI it fails then. */
export function rootTest(name: string, run: () => Promise<void>, timeoutMs: number): void {
  const isLeftOut = process.getuid?.() !== 0 && process.env.CI === undefined;
  if (isLeftOut) console.error(`LEFT OUT: "${name}", because it needs root`);
  test.skipIf(isLeftOut)(name, run, timeoutMs);
}
