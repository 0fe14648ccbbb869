import { counterSince, type Fields, level, type ScalarField } from '../../index.js';

/** So many disks are listed. */
export const MAX_DISKS = 4096;

/** What a group has counted since it was made; null where its controller is off, or the kernel lacks the line. */
const count = counterSince('cgroup');

/** A total over devices steps back when one of them is unplugged. */
const total = <const U extends string, const D extends string>(unit: U, description: D) =>
  ({ ...count(unit, description), mayDecrease: true }) as const satisfies ScalarField;

/** What a group has counted of one device: that goes first, as a rule. */
const ofDevice = counterSince('device');

/** The control group (v2) that the target is in, with all groups below it: Documentation/admin-guide/cgroup-v2.rst. */
export const FIELDS = {
  cpu_usage_us: count('us', 'CPU time (cpu.stat, usage_usec).'),
  cpu_user_us: count('us', 'CPU time in user mode (cpu.stat, user_usec).'),
  cpu_sys_us: count('us', 'CPU time in kernel mode (cpu.stat, system_usec).'),
  cpu_periods: count('{period}', 'Periods in which its bandwidth was enforced (cpu.stat, nr_periods).'),
  cpu_throttled_periods: count('{period}', 'Periods in which it was throttled (cpu.stat, nr_throttled).'),
  cpu_throttled_us: count('us', 'Time for which it was throttled, summed over CPUs (cpu.stat, throttled_usec).'),
  memory_current_bytes: level('By', 'Memory in use (memory.current).'),
  memory_peak_bytes: level('By', 'The most that memory_current_bytes has been; since Linux 5.19 (memory.peak).'),
  memory_swap_bytes: level('By', 'Swap in use (memory.swap.current).'),
  memory_anon_bytes: level('By', "Processes' own mapped memory (memory.stat, anon)."),
  memory_file_bytes: level('By', 'Page cache, tmpfs and shared memory (memory.stat, file).'),
  memory_kernel_bytes: level('By', 'Kernel memory; since Linux 5.18 (memory.stat, kernel).'),
  memory_slab_bytes: level('By', "The kernel's own objects (memory.stat, slab)."),
  memory_sock_bytes: level('By', 'Buffers of network transmissions (memory.stat, sock).'),
  page_faults: count('{fault}', 'Page faults, minor and major (memory.stat, pgfault).'),
  major_faults: count('{fault}', 'Page faults that read from storage (memory.stat, pgmajfault).'),
  oom_events: count(
    '{event}',
    'Times at which its limit was reached and an allocation about to fail (memory.events, oom).',
  ),
  oom_kills: count('{kill}', 'Processes killed for want of memory (memory.events, oom_kill).'),
  memory_high_events: count(
    '{event}',
    'Times at which its processes were throttled above memory.high (memory.events, high).',
  ),
  memory_max_events: count('{event}', 'Times at which it was about to go over memory.max (memory.events, max).'),
  io_read_bytes: total('By', 'Bytes read, all devices (io.stat, rbytes).'),
  io_write_bytes: total('By', 'Bytes written, all devices (io.stat, wbytes).'),
  io_reads: total('{operation}', 'Reads, all devices (io.stat, rios).'),
  io_writes: total('{operation}', 'Writes, all devices (io.stat, wios).'),
  io_discard_bytes: total('By', 'Bytes discarded, all devices (io.stat, dbytes).'),
  psi_cpu_some_us: count('us', 'Time in which some task waited for a CPU (cpu.pressure).'),
  psi_cpu_full_us: count('us', 'Time in which all tasks waited for a CPU; since Linux 5.13 (cpu.pressure).'),
  psi_mem_some_us: count('us', 'Time in which some task waited for memory (memory.pressure).'),
  psi_mem_full_us: count('us', 'Time in which all tasks waited for memory (memory.pressure).'),
  psi_io_some_us: count('us', 'Time in which some task waited for I/O (io.pressure).'),
  psi_io_full_us: count('us', 'Time in which all tasks waited for I/O (io.pressure).'),
  pids_current: level('{thread}', 'Processes and threads in it (pids.current).'),
  disks_unlisted: {
    type: 'integer',
    unit: '{disk}',
    kind: 'gauge',
    minimum: 0,
    nullable: true,
    description: `Devices that disks has no room for, beyond ${MAX_DISKS}; the totals hold them.`,
  },
  disks: {
    type: 'array',
    nullable: true,
    maxItems: MAX_DISKS,
    description: 'Each block device that the group has used (io.stat).',
    items: {
      device: {
        type: 'string',
        kind: 'info',
        key: true,
        maxLength: 32,
        description: 'Its major and minor number, as in "8:0"; /sys/dev/block has its name.',
      },
      read_bytes: ofDevice('By', 'Bytes read.'),
      write_bytes: ofDevice('By', 'Bytes written.'),
      reads: ofDevice('{operation}', 'Reads.'),
      writes: ofDevice('{operation}', 'Writes.'),
      discard_bytes: ofDevice('By', 'Bytes discarded.'),
    },
  },
} as const satisfies Fields;
