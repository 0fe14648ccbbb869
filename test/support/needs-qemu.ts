import { findProgram } from '../../src/program.js';

export const QEMU = 'qemu-system-x86_64';

/** Whether there is a QEMU; where there is none, says loudly what is left out. Throws in CI, where nothing is. */
export function hasQemu(leftOut: string): boolean {
  if (findProgram(QEMU, '/') !== null) return true;
  const lack = `there is no ${QEMU} in PATH (apt-get install qemu-system-x86)`;
  if (process.env.CI) throw new Error(`${lack}, and in CI nothing is left out: ${leftOut}`);
  process.stderr.write(`\n*** LEFT OUT: ${leftOut}, because ${lack}\n\n`);
  return false;
}
