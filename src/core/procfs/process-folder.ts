import type { TargetView } from '../contract/collector.js';

/** The folder of the one process observed. Throws where there is none. */
export function processFolder(target: TargetView | null): string {
  if (target === null || target.pid === null)
    throw new Error('it observes one process, and this target has none; use "system" for a whole machine');
  return `/proc/${target.pid}`;
}
