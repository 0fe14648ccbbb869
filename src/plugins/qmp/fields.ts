import { counterSince, type Fields, level, type ScalarField } from '../../index.js';

/** What the disks have counted since QEMU began. It steps back when one of them is unplugged. */
const total = <const U extends string, const D extends string>(unit: U, description: D) =>
  ({ ...counterSince('process')(unit, description), mayDecrease: true }) as const satisfies ScalarField;

/** Since the disk was plugged in: with QEMU's start, as a rule. */
const ofDisk = counterSince('device');

/** What the guest's own kernel has counted since the guest booted; it steps back when a saved state is restored. */
const ofGuest = <const U extends string, const D extends string>(unit: U, description: D) =>
  ({ ...counterSince('boot')(unit, description), mayDecrease: true }) as const satisfies ScalarField;

/** QEMU's QMP reference: query-status, query-blockstats, query-cpus-fast, query-balloon and docs/virtio-balloon-stats.txt. */
export const FIELDS = {
  run_state: {
    type: 'string',
    kind: 'state',
    nullable: true,
    maxLength: 64,
    description: 'What the machine does: running, paused, io-error, guest-panicked and the like (query-status).',
  },
  block_read_bytes: total('By', 'Bytes that the guest read, all disks (rd_bytes).'),
  block_write_bytes: total('By', 'Bytes that the guest wrote, all disks (wr_bytes).'),
  block_unmap_bytes: total('By', 'Bytes that the guest discarded, all disks (unmap_bytes).'),
  block_reads: total('{operation}', 'Reads completed, all disks (rd_operations).'),
  block_writes: total('{operation}', 'Writes completed, all disks (wr_operations).'),
  block_flushes: total('{operation}', 'Flushes completed, all disks (flush_operations).'),
  block_errors: total('{operation}', 'Reads, writes and flushes that failed, all disks (failed_*_operations).'),
  block_read_time_ns: total('ns', 'Time that reads took, summed over them, all disks (rd_total_time_ns).'),
  block_write_time_ns: total('ns', 'Time that writes took, summed over them, all disks (wr_total_time_ns).'),
  block_flush_time_ns: total('ns', 'Time that flushes took, summed over them, all disks (flush_total_time_ns).'),
  blocks_unlisted: {
    type: 'integer',
    unit: '{disk}',
    kind: 'gauge',
    minimum: 0,
    description: 'Disks that blocks has no room for; normally 0. The totals hold them.',
  },
  blocks: {
    type: 'array',
    nullable: true,
    maxItems: 64,
    description: "Each disk of the guest, in QEMU's order (query-blockstats).",
    items: {
      name: {
        type: 'string',
        kind: 'info',
        key: true,
        maxLength: 256,
        description: "Its name on QEMU's command line, else the device's path, else the block node's name.",
      },
      read_bytes: ofDisk('By', 'Bytes read (rd_bytes).'),
      write_bytes: ofDisk('By', 'Bytes written (wr_bytes).'),
      unmap_bytes: ofDisk('By', 'Bytes discarded (unmap_bytes).'),
      reads: ofDisk('{operation}', 'Reads completed (rd_operations).'),
      writes: ofDisk('{operation}', 'Writes completed (wr_operations).'),
      flushes: ofDisk('{operation}', 'Flushes completed (flush_operations).'),
      read_errors: ofDisk('{operation}', 'Reads that failed (failed_rd_operations).'),
      write_errors: ofDisk('{operation}', 'Writes that failed (failed_wr_operations).'),
      flush_errors: ofDisk('{operation}', 'Flushes that failed (failed_flush_operations).'),
      read_time_ns: ofDisk('ns', 'Time that reads took, summed over them (rd_total_time_ns).'),
      write_time_ns: ofDisk('ns', 'Time that writes took, summed over them (wr_total_time_ns).'),
      flush_time_ns: ofDisk('ns', 'Time that flushes took, summed over them (flush_total_time_ns).'),
      highest_write_offset_bytes: level('By', 'The end of the highest write so far (wr_highest_offset).'),
    },
  },
  vcpus_unlisted: {
    type: 'integer',
    unit: '{cpu}',
    kind: 'gauge',
    minimum: 0,
    description: 'Virtual CPUs that vcpus has no room for; normally 0.',
  },
  vcpus: {
    type: 'array',
    nullable: true,
    maxItems: 512,
    description: 'Each virtual CPU (query-cpus-fast).',
    items: {
      vcpu: { type: 'integer', unit: '1', kind: 'info', key: true, description: 'Its number (cpu-index).' },
      tid: {
        type: 'integer',
        unit: '1',
        kind: 'info',
        nullable: true,
        description: "The thread that runs it, as the host's kernel numbers it (thread-id): the tid of host_threads.",
      },
    },
  },
  balloon_updated_s: {
    type: 'integer',
    unit: 's',
    kind: 'info',
    minimum: 0,
    nullable: true,
    description:
      "When the guest last told its statistics, since the Unix epoch on QEMU's clock (last-update); null if it never did.",
  },
  balloon_actual_bytes: level('By', 'The memory that the guest is left with (query-balloon, actual).'),
  balloon_free_bytes: level('By', 'Memory that the guest uses for nothing at all (stat-free-memory).'),
  balloon_available_bytes: level('By', 'Memory that the guest could give its programs (stat-available-memory).'),
  balloon_total_bytes: level('By', "Memory that the guest's kernel manages (stat-total-memory)."),
  balloon_disk_caches_bytes: level('By', 'Memory that the guest could take back from caches (stat-disk-caches).'),
  balloon_swap_in_bytes: ofGuest('By', 'Memory that the guest swapped in (stat-swap-in).'),
  balloon_swap_out_bytes: ofGuest('By', 'Memory that the guest swapped out (stat-swap-out).'),
  balloon_major_faults: ofGuest('{fault}', 'Page faults in the guest that read from storage (stat-major-faults).'),
  balloon_minor_faults: ofGuest('{fault}', 'Page faults in the guest served without storage (stat-minor-faults).'),
} as const satisfies Fields;
