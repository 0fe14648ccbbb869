import type { Fields, ScalarField } from '../../index.js';

const count = <const U extends string, const D extends string>(unit: U, description: D) =>
  ({ type: 'integer', unit, kind: 'counter', reset: 'process', description }) as const satisfies ScalarField;

const level = <const U extends string, const D extends string>(unit: U, description: D) =>
  ({ type: 'integer', unit, kind: 'gauge', minimum: 0, description }) as const satisfies ScalarField;

const identity = <const U extends string, const D extends string>(unit: U, description: D) =>
  ({ type: 'integer', unit, kind: 'info', key: true, minimum: 0, description }) as const satisfies ScalarField;

const nullable = <const F extends ScalarField>(field: F) => ({ ...field, nullable: true }) as const;

export const FIELDS = {
  process_count: level('{process}', 'Members of the tree that live, zombies among them.'),
  thread_count: level('{thread}', 'Their threads (stat, field 20).'),
  rss_bytes: level('By', 'Their resident memory; pages that they share count for each (stat, field 24).'),
  cpu_user_jiffies: count('{jiffy}', 'CPU time in user mode of the whole tree, ended members included.'),
  cpu_sys_jiffies: count('{jiffy}', 'CPU time in kernel mode of the whole tree, ended members included.'),
  minor_faults: count('{fault}', 'Page faults served without storage, ended members included.'),
  major_faults: count('{fault}', 'Page faults that read from storage, ended members included.'),
  io_read_bytes: nullable(
    count(
      'By',
      "Bytes fetched from storage, ended members included; null while a member's io can not be read, or without option io.",
    ),
  ),
  io_write_bytes: nullable(count('By', 'Bytes sent towards storage; null as io_read_bytes is.')),
  processes_started: count('{process}', 'Members found since the recording began, the target included.'),
  processes_ended: count('{process}', 'Members seen to vanish.'),
  unseen_cpu_user_jiffies: count(
    '{jiffy}',
    'Part of cpu_user_jiffies that no reading of its own process showed: children born and ended between two ticks, and the last moments of others.',
  ),
  unseen_cpu_sys_jiffies: count('{jiffy}', 'The same part of cpu_sys_jiffies.'),
  processes_unlisted: level('{process}', 'Living members that the array has no room for; normally 0.'),
  processes: {
    type: 'array',
    maxItems: 4096,
    description: 'Each living member, in the order of `pid`.',
    items: {
      pid: identity('1', 'The process id.'),
      start_time_jiffies: identity(
        '{jiffy}',
        'When it started, since boot (stat, field 22); with `pid` it names one process for ever.',
      ),
      ppid: {
        type: 'integer',
        unit: '1',
        kind: 'info',
        minimum: 0,
        description: 'Its parent now (stat, field 4); a member stays one after its parent ended.',
      },
      name: { type: 'string', kind: 'info', maxLength: 64, description: 'Its name (stat, field 2, comm).' },
      state: {
        type: 'string',
        kind: 'state',
        maxLength: 1,
        description: 'One letter, R S D Z and the like (field 3).',
      },
      threads: level('{thread}', 'Its threads (stat, field 20).'),
      cpu_user_jiffies: count('{jiffy}', 'Its own CPU time in user mode (stat, field 14).'),
      cpu_sys_jiffies: count('{jiffy}', 'Its own CPU time in kernel mode (stat, field 15).'),
      child_cpu_user_jiffies: count('{jiffy}', 'That of children it waited for, and theirs (stat, field 16, cutime).'),
      child_cpu_sys_jiffies: count('{jiffy}', 'That of children it waited for, and theirs (stat, field 17, cstime).'),
      minor_faults: count('{fault}', 'Its own page faults served without storage (stat, field 10).'),
      major_faults: count('{fault}', 'Its own page faults that read from storage (stat, field 12).'),
      rss_bytes: level('By', 'Its resident memory (stat, field 24, times the page size).'),
      io_read_bytes: nullable(
        count('By', 'Bytes fetched from storage by it and by children it waited for (io, read_bytes).'),
      ),
      io_write_bytes: nullable(
        count('By', 'Bytes sent towards storage by it and by children it waited for (io, write_bytes).'),
      ),
    },
  },
} as const satisfies Fields;
