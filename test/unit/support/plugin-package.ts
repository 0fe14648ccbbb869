import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './temporary-folder.js';

/** A package with this text as its package.json, and two modules. Returns the package.json. */
export function packageOf(manifest: unknown, folder = join(temporaryFolder(), 'node_modules/@acme/pkg')): string {
  mkdirSync(folder, { recursive: true });
  for (const file of ['index.js', 'other.js']) writeFileSync(join(folder, file), 'throw new Error("it was run")');
  writeFileSync(join(folder, 'package.json'), typeof manifest === 'string' ? manifest : JSON.stringify(manifest));
  return join(folder, 'package.json');
}
