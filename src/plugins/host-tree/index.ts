import { closeSync, openSync } from 'node:fs';
import { API_VERSION, defineCollector, type ProbeResult } from '../../index.js';
import { FIELDS } from './fields.js';
import { HostTreeCollector, NO_PROCESS } from './host-tree-collector.js';
import { listsChildren } from './local-processes.js';
import { OPTIONS } from './options.js';

export default defineCollector({
  kind: 'polled',
  apiVersion: API_VERSION,
  name: 'host_tree',
  version: '1.0.0',
  rowVersion: 1,
  summary: 'The target and all its descendants: each process, and sums that hold what ended processes had used.',
  availableInDeployment: {
    value: false,
    rationale:
      "It is the host's view of the thing observed, told where to begin; on a device nobody names the process to watch.",
  },
  fields: FIELDS,
  options: OPTIONS,

  probe({ roots, target, options }): ProbeResult {
    if (target === null || target.pid === null) return { status: 'unavailable', reason: NO_PROCESS };
    const folder = `${roots.proc}/${target.pid}`;
    const why = whyUnreadable(`${folder}/stat`);
    if (why !== null) return { status: 'unavailable', reason: `process ${target.pid} can not be read: ${why}` };
    const lacks: string[] = [];
    if (!listsChildren({ procRoot: roots.proc, rootPid: target.pid }))
      lacks.push(
        'this kernel does not list children (CONFIG_PROC_CHILDREN): every process of the machine is read each tick',
      );
    const whyNoIo = options.io ? whyUnreadable(`${folder}/io`) : null;
    if (whyNoIo !== null) lacks.push(`io can not be read and is null: ${whyNoIo}`);
    return lacks.length === 0 ? { status: 'ok' } : { status: 'partial', reason: lacks.join('; ') };
  },

  create: (options, context) => new HostTreeCollector(options, context),
});

/** In words; null if it can be read. */
function whyUnreadable(path: string): string | null {
  try {
    closeSync(openSync(path, 'r'));
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}
