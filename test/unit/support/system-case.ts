import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { underRoot } from '../../../src/core/collection/local-frame-reader.js';
import type { FileReading } from '../../../src/index.js';
import system from '../../../src/plugins/system/index.js';
import { captured } from './readings.js';

const FIXTURES = join(import.meta.dirname, '../../../src/plugins/system/fixtures');

export const SYSTEM_CASES = readdirSync(FIXTURES);

const TICK = { index: 0, facts: { pageSizeBytes: 4096, clockTicksPerSecond: 100, cpus: 2 } };

/** A case is a /proc with the files that matter to it; those it lacks could not be read. */
export function parseSystemCase(name: string) {
  const roots = { proc: join(FIXTURES, name, 'proc'), sys: join(FIXTURES, name, 'sys') };
  const readings = Object.entries(system.files({}, null, {})).map(([key, spec]): [string, FileReading] => {
    return [key, captured(underRoot(typeof spec === 'string' ? spec : spec.path, roots))];
  });
  const files = Object.fromEntries(readings) as Parameters<typeof system.parse>[0];
  return system.parse(files, TICK, {})!;
}
