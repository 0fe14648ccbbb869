import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, type TestContext, test } from 'vitest';
import { buildImage } from '../../src/core/lab/image/build-image.js';
import type { LabImage } from '../../src/core/lab/image/read-image.js';
import { labFolder } from '../../src/core/lab/lab-folder.js';
import { packageVersion } from '../../src/core/package-info.js';
import { until as untilSoon } from './cli.js';

/** Programs of Debian without which no lab can be built and booted. */
const NEEDED = ['qemu-system-x86_64', 'qemu-img', 'apt-get', 'apt-cache', 'dpkg-deb', 'cpio'];
/** A guest without KVM, on a machine that is busy with other tests. */
const TIMEOUT_MS = 240_000;

const missing = NEEDED.filter((program) => !isInPath(program));
/** In CI nothing is left out: there these tests run, and fail. */
const isLeftOut = missing.length > 0 && process.env.CI === undefined;
if (isLeftOut) leftOut('the tests of the lab', `${missing.join(', ')} can not be found`);

/** A test that needs QEMU and Debian's tools. Left out, and loudly, where they are missing; in CI it fails there. */
export function labTest(name: string, run: (context: TestContext) => unknown, timeoutMs = TIMEOUT_MS): void {
  test.skipIf(isLeftOut)(name, { timeout: timeoutMs }, async (context) => {
    if (missing.length > 0) throw new Error(`the lab's tests need ${missing.join(', ')}`);
    await run(context);
  });
}

/** As `labTest`, for several. */
export const describeLab = (name: string, body: () => void): void => void describe.skipIf(isLeftOut)(name, body);

/** The image, built where it is not there yet, in the lab's folder of whoever runs the tests. Without a network the test is left out. */
export function labImage(context: TestContext): Promise<LabImage> {
  return orLeftOut(context, () => buildImage({ lab: labFolder(), version: packageVersion() }));
}

/** Runs what downloads packages. Where they can't be had the test is left out, and loudly; in CI it fails. */
export async function orLeftOut<T>(context: TestContext, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (process.env.CI !== undefined || !['LAB_DOWNLOAD', 'LAB_PACKAGES_UNKNOWN'].includes(code ?? '')) throw error;
    leftOut(`"${context.task.name}"`, message);
    return context.skip(message);
  }
}

/** Waits for a condition of a guest, which may be emulated on a machine that is busy with other tests. */
export const until = (condition: () => boolean): Promise<void> => untilSoon(condition, 60_000);

/** Says loudly what is left out. Throws in CI, where nothing is. */
export function leftOut(what: string, why: string): void {
  if (process.env.CI !== undefined) throw new Error(`in CI nothing is left out: ${what}, because ${why}`);
  console.error(`LEFT OUT: ${what}, because ${why}`);
}

function isInPath(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
