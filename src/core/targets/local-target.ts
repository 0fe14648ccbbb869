import { startLocalAction } from './local-action.js';
import type { Target } from './target.js';

type Own = 'view' | 'facts' | 'release' | 'exited' | 'droppedBytes' | 'close';

/** A target on this machine: ready as soon as it is there, and silent about itself. */
export function localTarget(own: Pick<Target, Own>): Target {
  return {
    ...own,
    guest: null,
    lacks: [],
    failed: new Promise(() => {}),
    async prepare() {},
    listen() {},
    async conclude() {},
    startAction: (request) => startLocalAction({ ...request, targetPid: own.view.pid }),
  };
}
