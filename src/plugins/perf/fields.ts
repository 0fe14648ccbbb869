import type { Fields } from '../../index.js';

const count = (unit: string, description: string) =>
  ({ type: 'integer', unit, kind: 'delta', minimum: 0, nullable: true, description }) as const;

const software = (unit: string, description: string) => count(unit, `${description}; null if perf did not tell.`);

const hardware = (unit: string, description: string) =>
  count(unit, `${description}; null where the processor or its virtual machine has no such counter.`);

/** What perf-stat(1) counts of the target in one interval. */
export const FIELDS = {
  span_ns: {
    type: 'integer',
    unit: 'ns',
    kind: 'delta',
    minimum: 0,
    description: 'What the counts are over: the time since the interval before, on the clock of perf.',
  },
  task_clock_ns: software('ns', 'CPU time (task-clock: its run time, since perf rounds its value to 10 us)'),
  context_switches: software('{switch}', 'Times a thread was taken off its CPU (context-switches)'),
  cpu_migrations: software('{migration}', 'Times a thread came to another CPU (cpu-migrations)'),
  page_faults: software('{fault}', 'Page faults, those that failed or were tried again included (page-faults)'),
  minor_faults: software('{fault}', 'Page faults served without storage (minor-faults)'),
  major_faults: software('{fault}', 'Page faults that waited for storage (major-faults)'),
  cycles: hardware('{cycle}', 'CPU cycles (cycles)'),
  instructions: hardware('{instruction}', 'Instructions retired (instructions)'),
  branches: hardware('{branch}', 'Branches retired (branches)'),
  branch_misses: hardware('{branch}', 'Branches that were mispredicted (branch-misses)'),
  cache_references: hardware('{access}', 'Cache accesses, as a rule of the last level (cache-references)'),
  cache_misses: hardware('{access}', 'Cache accesses that went to memory, as a rule (cache-misses)'),
  hardware_running_ratio: {
    type: 'number',
    unit: '1',
    kind: 'gauge',
    minimum: 0,
    maximum: 1,
    nullable: true,
    description:
      'Share of the CPU time in which the least counted hardware event was counted; below 1 perf has extrapolated. Null if none was.',
  },
} as const satisfies Fields;
