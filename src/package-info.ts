import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Our own package.json. */
export const packageFile = fileURLToPath(new URL('../package.json', import.meta.url));

export function packageVersion(): string {
  return (JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string }).version;
}
