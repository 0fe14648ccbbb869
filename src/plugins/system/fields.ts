import { counterSince, type Fields, level, type ScalarField } from '../../index.js';

/** A count of the whole machine. */
const sinceBoot = counterSince('boot');

/** What a device counts since it appeared: unplugging it, or reloading its driver, starts anew. */
const sinceAttached = counterSince('device');

/** A total over devices steps back when one of them is unplugged. */
const total = <const U extends string, const D extends string>(unit: U, description: D) =>
  ({ ...sinceAttached(unit, description), mayDecrease: true }) as const satisfies ScalarField;

const name = <const D extends string>(description: D) =>
  ({ type: 'string', kind: 'info', key: true, maxLength: 64, description }) as const satisfies ScalarField;

/** The whole machine: at most 45 scalars, which are a model's columns, and small arrays per cpu, disk and interface. */
export const FIELDS = {
  cpu_user_jiffies: sinceBoot('{jiffy}', 'All CPUs in user mode, guests included (stat, cpu, 1st).'),
  cpu_nice_jiffies: sinceBoot('{jiffy}', 'All CPUs in user mode at low priority (stat, cpu, 2nd).'),
  cpu_sys_jiffies: sinceBoot('{jiffy}', 'All CPUs in kernel mode (stat, cpu, 3rd).'),
  cpu_idle_jiffies: { ...sinceBoot('{jiffy}', 'All CPUs idle (stat, cpu, 4th).'), mayDecrease: true },
  cpu_iowait_jiffies: {
    ...sinceBoot(
      '{jiffy}',
      'All CPUs idle with I/O outstanding (stat, cpu, 5th); proc_stat(5) warns that it may decrease.',
    ),
    mayDecrease: true,
  },
  cpu_irq_jiffies: sinceBoot('{jiffy}', 'All CPUs in interrupts (stat, cpu, 6th).'),
  cpu_softirq_jiffies: sinceBoot('{jiffy}', 'All CPUs in soft interrupts (stat, cpu, 7th).'),
  cpu_steal_jiffies: sinceBoot('{jiffy}', 'Time that a hypervisor gave to others (stat, cpu, 8th).'),
  interrupts: sinceBoot('{interrupt}', 'Interrupts served (stat, intr, total).'),
  context_switches: sinceBoot('{switch}', 'Context switches (stat, ctxt).'),
  forks: sinceBoot('{fork}', 'Processes and threads created (stat, processes).'),
  procs_running: level('{thread}', 'Threads running or runnable (stat, procs_running).'),
  procs_blocked: level('{thread}', 'Threads blocked on I/O (stat, procs_blocked).'),
  threads: level('{thread}', 'Threads in existence (loadavg, 4th, behind the slash).'),
  mem_free_bytes: level('By', 'Unused memory (meminfo, MemFree).'),
  mem_available_bytes: level('By', 'Memory that could be had without swapping (meminfo, MemAvailable).'),
  mem_buffers_bytes: level('By', 'Raw block device cache (meminfo, Buffers).'),
  mem_cached_bytes: level('By', 'Page cache (meminfo, Cached).'),
  mem_dirty_bytes: level('By', 'Cache that waits to be written (meminfo, Dirty).'),
  mem_anon_bytes: level('By', "Processes' own mapped memory (meminfo, AnonPages)."),
  mem_slab_bytes: level('By', "The kernel's own objects (meminfo, Slab)."),
  swap_free_bytes: level('By', 'Unused swap (meminfo, SwapFree).'),
  page_in_kib: sinceBoot('KiBy', 'Read from block devices (vmstat, pgpgin).'),
  page_out_kib: sinceBoot('KiBy', 'Written to block devices (vmstat, pgpgout).'),
  swap_in_pages: sinceBoot('{page}', 'Pages swapped in (vmstat, pswpin).'),
  swap_out_pages: sinceBoot('{page}', 'Pages swapped out (vmstat, pswpout).'),
  page_faults: sinceBoot('{fault}', 'Page faults, minor and major (vmstat, pgfault).'),
  major_faults: sinceBoot('{fault}', 'Page faults that read from storage (vmstat, pgmajfault).'),
  oom_kills: sinceBoot('{kill}', 'Processes killed for want of memory (vmstat, oom_kill).'),
  psi_cpu_some_us: sinceBoot('us', 'Time in which some task waited for a CPU (pressure/cpu).'),
  psi_mem_some_us: sinceBoot('us', 'Time in which some task waited for memory (pressure/memory).'),
  psi_mem_full_us: sinceBoot('us', 'Time in which all tasks waited for memory (pressure/memory).'),
  psi_io_some_us: sinceBoot('us', 'Time in which some task waited for I/O (pressure/io).'),
  psi_io_full_us: sinceBoot('us', 'Time in which all tasks waited for I/O (pressure/io).'),
  disk_reads: total('{operation}', 'Reads completed, all disks (diskstats, 4th).'),
  disk_read_bytes: total('By', 'Bytes read, all disks (diskstats, 6th, in sectors of 512 bytes).'),
  disk_writes: total('{operation}', 'Writes completed, all disks (diskstats, 8th).'),
  disk_write_bytes: total('By', 'Bytes written, all disks (diskstats, 10th, in sectors of 512 bytes).'),
  net_rx_bytes: total('By', 'Bytes received, all interfaces but lo (net/dev).'),
  net_rx_packets: total('{packet}', 'Packets received, all interfaces but lo (net/dev).'),
  net_tx_bytes: total('By', 'Bytes sent, all interfaces but lo (net/dev).'),
  net_tx_packets: total('{packet}', 'Packets sent, all interfaces but lo (net/dev).'),
  observer_cpu_jiffies: {
    type: 'integer',
    unit: '{jiffy}',
    kind: 'info',
    minimum: 0,
    nullable: true,
    description:
      'What the recorder, or the agent in a guest, itself costs: CPU time, user and kernel (self/stat). Never a feature.',
  },
  observer_rss_bytes: {
    type: 'integer',
    unit: 'By',
    kind: 'info',
    minimum: 0,
    nullable: true,
    description:
      'What the recorder, or the agent in a guest, itself costs: resident memory (self/stat). Never a feature.',
  },
  cpus: {
    type: 'array',
    nullable: true,
    description: 'Each CPU that is online (stat, cpuN).',
    items: {
      cpu: {
        type: 'integer',
        unit: '1',
        kind: 'info',
        key: true,
        minimum: 0,
        description: "The kernel's number of the CPU.",
      },
      user_jiffies: sinceBoot('{jiffy}', 'In user mode, low priority included.'),
      sys_jiffies: sinceBoot('{jiffy}', 'In kernel mode, interrupts not included.'),
      idle_jiffies: { ...sinceBoot('{jiffy}', 'Idle; iowait not included.'), mayDecrease: true },
    },
  },
  disks: {
    type: 'array',
    nullable: true,
    description:
      'Each whole disk (diskstats): no loop, ram, zram, device mapper, md or partition, so that no byte counts twice.',
    items: {
      disk: name('The name of the device.'),
      reads: sinceAttached('{operation}', 'Reads completed.'),
      read_bytes: sinceAttached('By', 'Bytes read.'),
      writes: sinceAttached('{operation}', 'Writes completed.'),
      write_bytes: sinceAttached('By', 'Bytes written.'),
    },
  },
  nets: {
    type: 'array',
    nullable: true,
    description: 'Each network interface but lo (net/dev).',
    items: {
      net: name('The name of the interface.'),
      rx_bytes: sinceAttached('By', 'Bytes received.'),
      rx_packets: sinceAttached('{packet}', 'Packets received.'),
      tx_bytes: sinceAttached('By', 'Bytes sent.'),
      tx_packets: sinceAttached('{packet}', 'Packets sent.'),
    },
  },
} as const satisfies Fields;
