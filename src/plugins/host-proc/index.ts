import { API_VERSION, defineCollector, NO_OPTIONS } from '../../index.js';
import { processFolder } from '../../procfs.js';
import { FIELDS } from './fields.js';
import { parseHostProc } from './parser.js';

export default defineCollector({
  kind: 'files',
  apiVersion: API_VERSION,
  name: 'host_proc',
  version: '1.0.0',
  rowVersion: 1,
  summary:
    "The target process as its host's kernel sees it: CPU time, memory, storage I/O, context switches, page faults.",
  availableInDeployment: {
    value: false,
    rationale: "It is the host's view of the thing observed; nothing on a deployed device looks at it from outside.",
  },
  fields: FIELDS,
  options: NO_OPTIONS,

  files(_options, target) {
    const folder = processFolder(target);
    return {
      stat: `${folder}/stat`,
      io: { path: `${folder}/io`, optional: true },
      status: { path: `${folder}/status`, optional: true },
    };
  },

  parse: ({ stat, io, status }, { facts }) => parseHostProc(stat, io, status, facts.pageSizeBytes),
});
