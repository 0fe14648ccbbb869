import { API_VERSION, defineCollector } from '../../index.js';
import { FIELDS } from './fields.js';
import { probeSyscalls } from './probe.js';
import { SyscallsCollector } from './syscalls-collector.js';

export default defineCollector({
  kind: 'stream',
  apiVersion: API_VERSION,
  name: 'syscalls',
  version: '1.0.0',
  rowVersion: 1,
  summary: 'System calls of the target and of what it starts, per interval, counted in the kernel by bpftrace.',
  requires: { binaries: ['bpftrace'], remedies: { bpftrace: 'apt-get install bpftrace' } },
  availableInDeployment: {
    value: false,
    rationale: 'It observes one process from outside, as root, and slows down every system call of the machine.',
  },
  fields: FIELDS,
  options: {
    type: 'object',
    additionalProperties: false,
    properties: {
      follow_children: {
        type: 'boolean',
        default: true,
        description: 'Whether to count the processes too that the target starts from now on, and theirs.',
      },
    },
  },
  probe: probeSyscalls,
  create: (options, context) => new SyscallsCollector(options, context),
});
