import { API_VERSION, defineCollector } from '../../index.js';
import { FIELDS } from './fields.js';
import { PerfCollector } from './perf-collector.js';
import { probePerf } from './probe.js';

export default defineCollector({
  kind: 'stream',
  apiVersion: API_VERSION,
  name: 'perf',
  version: '1.0.0',
  rowVersion: 1,
  summary: 'What the kernel and the processor count of the target per interval, by perf stat.',
  requires: { binaries: ['perf'], remedies: { perf: 'apt-get install linux-perf' } },
  availableInDeployment: {
    value: false,
    rationale: 'It observes one process from outside, with rights that no detector on a device has over all others.',
  },
  fields: FIELDS,
  options: {
    type: 'object',
    additionalProperties: false,
    properties: {
      hardware: {
        type: 'boolean',
        default: true,
        description: "Whether to count the processor's events too: cycles, instructions, branches, cache.",
      },
    },
  },
  probe: probePerf,
  create: (options, context) => new PerfCollector(options, context),
});
