import { API_VERSION, defineCollector, type FileSpec, NO_OPTIONS } from '../../index.js';
import { processFolder } from '../../procfs.js';
import { FIELDS } from './fields.js';
import { requireFolder, requireSameGroup } from './membership.js';
import { GROUP_FILES, parseGroup } from './parser.js';

const optional = (path: string) => ({ path, optional: true }) as const;

export default defineCollector({
  kind: 'files',
  apiVersion: API_VERSION,
  name: 'cgroup',
  version: '1.0.0',
  rowVersion: 1,
  summary: "The target's control group (v2): CPU time, memory, storage I/O, pressure, of all that runs in it.",
  availableInDeployment: {
    value: false,
    rationale:
      'A group is put around the thing observed by whoever runs it; a deployed device has none for its malware.',
  },
  fields: FIELDS,
  options: NO_OPTIONS,

  locate: (_options, target) => ({
    membership: optional(`${processFolder(target)}/cgroup`),
    mountinfo: optional('/proc/self/mountinfo'),
  }),

  files(_options, target, { membership, mountinfo }) {
    const folder = requireFolder(membership!, mountinfo!);
    const group = Object.entries(GROUP_FILES).map(([name, file]) => [name, optional(`${folder}/${file}`)]);
    return {
      membership: `${processFolder(target)}/cgroup`,
      ...(Object.fromEntries(group) as Record<keyof typeof GROUP_FILES, FileSpec>),
      cpuStat: `${folder}/${GROUP_FILES.cpuStat}`,
    };
  },

  parse(files, _tick, { membership }) {
    requireSameGroup(membership!, files.membership, files.cpuStat);
    return parseGroup(files);
  },
});
