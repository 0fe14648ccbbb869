import { readdirSync } from 'node:fs';
import { API_VERSION, defineCollector, NO_OPTIONS } from '../../index.js';
import { FIELDS } from './fields.js';
import { HostThreadsCollector, NO_PROCESS } from './host-threads-collector.js';

export default defineCollector({
  kind: 'polled',
  apiVersion: API_VERSION,
  name: 'host_threads',
  version: '1.0.0',
  rowVersion: 1,
  summary: "Each thread of the target as its host's kernel sees it: CPU time, page faults, virtual CPUs by name.",
  availableInDeployment: {
    value: false,
    rationale:
      "It is the host's view of the thing observed: a device does not see the threads that run its own virtual CPUs.",
  },
  fields: FIELDS,
  options: NO_OPTIONS,

  probe({ roots, target }) {
    if (target === null || target.pid === null) return { status: 'unavailable', reason: NO_PROCESS };
    const folder = `${roots.proc}/${target.pid}/task`;
    try {
      readdirSync(folder);
      return { status: 'ok' };
    } catch (error) {
      return {
        status: 'unavailable',
        reason: `the threads of process ${target.pid} can not be listed: ${(error as Error).message}`,
        remedy: 'is the process alive, and procfs mounted without hidepid for this user?',
      };
    }
  },

  create: (_options, context) => new HostThreadsCollector(context),
});
