/** The columns and the events of perf-list(1) that they are of. Counted by the kernel itself: */
export const SOFTWARE = {
  task_clock_ns: 'task-clock',
  context_switches: 'context-switches',
  cpu_migrations: 'cpu-migrations',
  page_faults: 'page-faults',
  minor_faults: 'minor-faults',
  major_faults: 'major-faults',
} as const;

/** Counted by the processor: */
export const HARDWARE = {
  cycles: 'cycles',
  instructions: 'instructions',
  branches: 'branches',
  branch_misses: 'branch-misses',
  cache_references: 'cache-references',
  cache_misses: 'cache-misses',
} as const;

/** What perf is asked to count. */
export function eventsFor({ hardware }: { readonly hardware: boolean }): string[] {
  return [...Object.values(SOFTWARE), ...(hardware ? Object.values(HARDWARE) : [])];
}
