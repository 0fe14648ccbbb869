import { API_VERSION, defineCollector, NO_OPTIONS } from '../../index.js';
import { FIELDS } from './fields.js';
import { parseSystem } from './parser.js';

const optional = (path: string) => ({ path, optional: true }) as const;

export default defineCollector({
  kind: 'files',
  apiVersion: API_VERSION,
  name: 'system',
  version: '1.0.0',
  rowVersion: 1,
  summary: 'The whole machine: CPU, memory, paging, pressure, disks and network, the same columns on every kernel.',
  availableInDeployment: {
    value: true,
    rationale:
      "Every Linux device can read its own /proc; read on the lab's host beside a virtual machine it is an oracle.",
  },
  fields: FIELDS,
  options: NO_OPTIONS,

  files: () => ({
    stat: '/proc/stat',
    meminfo: '/proc/meminfo',
    vmstat: optional('/proc/vmstat'),
    loadavg: optional('/proc/loadavg'),
    diskstats: optional('/proc/diskstats'),
    netDev: optional('/proc/net/dev'),
    cpuPressure: optional('/proc/pressure/cpu'),
    memoryPressure: optional('/proc/pressure/memory'),
    ioPressure: optional('/proc/pressure/io'),
    selfStat: optional('/proc/self/stat'),
  }),

  parse: (files, { facts }) => parseSystem(files, facts.pageSizeBytes),
});
