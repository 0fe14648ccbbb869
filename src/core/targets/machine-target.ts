import { localTarget } from './local-target.js';
import type { Target } from './target.js';

/** This whole machine: nothing to start, nothing to watch. */
export function observeMachine(): Target {
  return localTarget({
    view: { type: 'machine', pid: null, startTimeTicks: null },
    facts: { type: 'machine', pid: null, start_time_ticks: null, comm: null, exe: null, argv: null, is_vm: false },
    release() {},
    droppedBytes: () => 0,
    exited: new Promise(() => {}),
    close: async () => true,
  });
}
