import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './cli.js';

/** Packs a package as it is built, as npm would publish it. Returns the tarball. */
export function pack(folder: string, into: string): string {
  const printed = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', into], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [{ filename }] = JSON.parse(printed) as [{ filename: string }];
  return join(into, filename);
}

/** This cis490 as it is built. */
export const packCis490 = (into: string): string => pack(ROOT, into);

/** Installs packages into a folder, beside what its package.json asks for, which stays as it is. */
export function install(folder: string, ...packages: string[]): void {
  execFileSync('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--prefer-offline', ...packages], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}
