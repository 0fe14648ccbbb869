import type { Fields } from '../../index.js';

/** Row of one process, from proc_pid_stat(5), proc_pid_io(5) and proc_pid_status(5). */
export const FIELDS = {
  cpu_user_jiffies: {
    type: 'integer',
    unit: '{jiffy}',
    kind: 'counter',
    reset: 'process',
    description: 'CPU time in user mode, all threads (stat, field 14).',
  },
  cpu_sys_jiffies: {
    type: 'integer',
    unit: '{jiffy}',
    kind: 'counter',
    reset: 'process',
    description: 'CPU time in kernel mode, all threads (stat, field 15).',
  },
  rss_bytes: {
    type: 'integer',
    unit: 'By',
    kind: 'gauge',
    minimum: 0,
    description:
      'Resident memory (stat, field 24, times the page size). The kernel counts it per thread in batches: a few pages off.',
  },
  vsize_bytes: {
    type: 'integer',
    unit: 'By',
    kind: 'gauge',
    minimum: 0,
    description: 'Virtual memory (stat, field 23).',
  },
  io_read_bytes: {
    type: 'integer',
    unit: 'By',
    kind: 'counter',
    reset: 'process',
    nullable: true,
    description: 'Bytes fetched from storage (io, read_bytes); null where io can not be read.',
  },
  io_write_bytes: {
    type: 'integer',
    unit: 'By',
    kind: 'counter',
    reset: 'process',
    nullable: true,
    description: 'Bytes sent towards storage (io, write_bytes); null where io can not be read.',
  },
  voluntary_ctxsw: {
    type: 'integer',
    unit: '{switch}',
    kind: 'counter',
    reset: 'process',
    nullable: true,
    description: 'Voluntary context switches of the main thread only (status, voluntary_ctxt_switches).',
  },
  involuntary_ctxsw: {
    type: 'integer',
    unit: '{switch}',
    kind: 'counter',
    reset: 'process',
    nullable: true,
    description: 'Involuntary context switches of the main thread only (status, nonvoluntary_ctxt_switches).',
  },
  minor_faults: {
    type: 'integer',
    unit: '{fault}',
    kind: 'counter',
    reset: 'process',
    description: 'Page faults served without storage, all threads (stat, field 10).',
  },
  major_faults: {
    type: 'integer',
    unit: '{fault}',
    kind: 'counter',
    reset: 'process',
    description: 'Page faults that read from storage, all threads (stat, field 12).',
  },
} as const satisfies Fields;
