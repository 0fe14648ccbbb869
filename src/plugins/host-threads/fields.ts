import type { Fields, ScalarField } from '../../index.js';

/** What one thread counts from its start. */
const sinceStart = <const U extends string, const D extends string>(unit: U, description: D) =>
  ({ type: 'integer', unit, kind: 'counter', reset: 'process', description }) as const satisfies ScalarField;

export const FIELDS = {
  thread_count: {
    type: 'integer',
    unit: '{thread}',
    kind: 'gauge',
    minimum: 0,
    description: 'Threads of the target found this tick.',
  },
  threads_unlisted: {
    type: 'integer',
    unit: '{thread}',
    kind: 'gauge',
    minimum: 0,
    description: 'Those of them that the array has no room for; normally 0.',
  },
  threads: {
    type: 'array',
    maxItems: 4096,
    description: 'Each thread, in the order of `tid` (task/TID/stat).',
    items: {
      tid: {
        type: 'integer',
        unit: '1',
        kind: 'info',
        key: true,
        minimum: 0,
        description: "The kernel's number of the thread (name of its folder).",
      },
      start_time_jiffies: {
        type: 'integer',
        unit: '{jiffy}',
        kind: 'info',
        key: true,
        minimum: 0,
        description: 'When it started, since boot (field 22); with `tid` it names one thread for ever.',
      },
      name: { type: 'string', kind: 'info', maxLength: 64, description: 'Its name (field 2, comm).' },
      vcpu: {
        type: 'integer',
        unit: '1',
        kind: 'info',
        nullable: true,
        minimum: 0,
        description: 'The virtual CPU that it runs, where QEMU named it "CPU 0/KVM" or "CPU 0/TCG"; else null.',
      },
      state: {
        type: 'string',
        kind: 'state',
        maxLength: 1,
        description: 'One letter, R S D T and the like (field 3).',
      },
      cpu: { type: 'integer', unit: '1', kind: 'state', minimum: 0, description: 'The CPU it last ran on (field 39).' },
      cpu_user_jiffies: sinceStart('{jiffy}', 'CPU time in user mode, a virtual CPU in its guest included (field 14).'),
      cpu_sys_jiffies: sinceStart('{jiffy}', 'CPU time in kernel mode (field 15).'),
      minor_faults: sinceStart('{fault}', 'Page faults served without storage (field 10).'),
      major_faults: sinceStart('{fault}', 'Page faults that read from storage (field 12).'),
    },
  },
} as const satisfies Fields;
