import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { cli, type Outcome } from '../../support/cli.js';

export type Fate = 'trusted' | 'recovered' | 'recovered with a loss';

/** An expected error is a sentence; a stack is a defect. */
export function expectNoStack({ stdout, stderr }: Pick<Outcome, 'stdout' | 'stderr'>): void {
  expect(stdout + stderr).not.toMatch(/^\s+at \S/m);
  expect(stdout + stderr).not.toContain('defect of cis490');
}

const hasMarker = (folder: string): boolean => existsSync(join(folder, 'done.marker'));

/** What can be done with episodes after a fault: each has its marker, or gets it now; and all validate then. */
export async function settle(folders: readonly string[]): Promise<Fate[]> {
  const isTrusted = new Set(folders.filter(hasMarker));
  const losses = await recover(folders.filter((folder) => !isTrusted.has(folder)));
  await expectValid(folders);
  return folders.map((folder) => {
    if (isTrusted.has(folder)) return 'trusted';
    return losses.get(folder) === 0 ? 'recovered' : 'recovered with a loss';
  });
}

interface Recovered {
  readonly path: string;
  readonly lost: readonly unknown[];
}

/** All in one go. Returns how many things each had lost. */
async function recover(folders: readonly string[]): Promise<Map<string, number>> {
  if (folders.length === 0) return new Map();
  const recovered = await cli('episode', 'recover', '--json', ...folders);
  const { code, stdout, stderr } = recovered;
  expectNoStack(recovered);
  expect([0, 3], stdout + stderr).toContain(code);
  expect(
    folders.filter((folder) => !hasMarker(folder)),
    'recovered, but without a marker',
  ).toEqual([]);
  const losses = (JSON.parse(stdout).episodes as Recovered[]).map(({ path, lost }) => [path, lost.length] as const);
  expect(code).toBe(losses.some(([, lost]) => lost > 0) ? 3 : 0);
  return new Map(losses);
}

/** Every one of them validates. */
export async function expectValid(folders: readonly string[]): Promise<void> {
  if (folders.length === 0) return;
  const { code, stdout, stderr } = await cli('episode', 'validate', ...folders);
  expect(code, stdout + stderr).toBe(0);
}

/** The episodes of an output folder, in which nothing else may be. */
export function episodesIn(output: string): string[] {
  const names = existsSync(output) ? readdirSync(output) : [];
  const strange = names.filter((name) => !/^[0-9A-Z]{26}$/.test(name));
  expect(strange, `left in ${output}`).toEqual([]);
  return names.map((name) => join(output, name));
}
