import { join } from 'node:path';
import { underRoot } from '../../../src/core/collection/local-frame-reader.js';
import { filesOf } from '../../../src/core/collection/sampler.js';
import cgroup from '../../../src/plugins/cgroup/index.js';
import { captured, reading } from './readings.js';

const FIXTURES = join(import.meta.dirname, '../../../src/plugins/cgroup/fixtures');
const TICK = { index: 0, facts: { pageSizeBytes: 4096, clockTicksPerSecond: 100, cpus: 2 } };
const TARGET = { type: 'pid', pid: 4242, startTimeTicks: null } as const;

type Files = Parameters<typeof cgroup.parse>[0];

/** Of a captured machine: where its files are, and the row; `changed` are files that hold something else by then. */
export function cgroupCase(name: string, changed: Readonly<Record<string, string>> = {}) {
  const roots = { proc: join(FIXTURES, name, 'proc'), sys: join(FIXTURES, name, 'sys') };
  const { specs, located } = filesOf(cgroup, { options: {}, target: TARGET, roots });
  const readings = Object.entries(specs).map(([key, spec]) => {
    const path = typeof spec === 'string' ? spec : spec.path;
    return [key, key in changed ? reading(changed[key]!, path) : { ...captured(underRoot(path, roots)), path }];
  });
  return { specs, row: () => cgroup.parse(Object.fromEntries(readings) as Files, TICK, located)! };
}
