import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Our package's folder: the code may run from src or from a bundle in dist, at any depth. */
const root = findRoot(dirname(fileURLToPath(import.meta.url)));

function findRoot(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : findRoot(dirname(folder));
}

/** Our own package.json. */
export const packageFile = join(root, 'package.json');

/** A file of ours, from the package's folder. */
export const packageUrl = (path: string): URL => pathToFileURL(join(root, path));

/** The thread that runs a collector. */
export const workerEntry = packageUrl('dist/core/collection/worker.js');

export function packageVersion(): string {
  return (JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string }).version;
}
