import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder that goes when the benchmark does. */
export function makeTemporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'cis490-bench-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
