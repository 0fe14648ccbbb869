import type { RowOf } from '../../index.js';
import { totalOf } from '../../procfs.js';
import { FIELDS } from './fields.js';

type Row = RowOf<typeof FIELDS>;
type Disk = NonNullable<Row['blocks']>[number];
type Vcpu = NonNullable<Row['vcpus']>[number];
type Count = number | bigint | null;
type Loose = Readonly<Record<string, unknown>>;

/** What the monitor returned in one sample, as it came. */
export interface Answers {
  readonly 'query-status': unknown;
  readonly 'query-blockstats': unknown;
  readonly 'query-cpus-fast': unknown;
  /** Null where there is no balloon. */
  readonly 'query-balloon': unknown;
  /** The balloon's property of this name. */
  readonly 'guest-stats': unknown;
}

/** Of a statistic that the guest does not tell: -1, printed as what it is in 64 bits without a sign. */
const ABSENT = 2n ** 64n - 1n;

/** A row of what the monitor returned; what has another form than QEMU's is null. */
export function parseAnswers(answers: Answers): Row {
  const disks = listOf(answers['query-blockstats'])?.map(diskOf) ?? null;
  const vcpus = listOf(answers['query-cpus-fast'])?.flatMap(vcpuOf) ?? null;
  const { status } = recordOf(answers['query-status']);
  return {
    run_state: typeof status === 'string' ? status.slice(0, FIELDS.run_state.maxLength) : null,
    ...totalsOf(disks),
    ...firstOf('blocks', disks, FIELDS.blocks.maxItems),
    ...firstOf('vcpus', vcpus, FIELDS.vcpus.maxItems),
    ...balloonOf(recordOf(answers['query-balloon']), recordOf(answers['guest-stats'])),
  };
}

const listOf = (value: unknown): readonly unknown[] | null => (Array.isArray(value) ? value : null);

const recordOf = (value: unknown): Loose => (typeof value === 'object' && value !== null ? (value as Loose) : {});

/** An unsigned number of 64 bits; else null. */
function countOf(value: unknown): Count {
  if (typeof value === 'bigint') return value >= 0n && value <= ABSENT ? value : null;
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : null;
}

function diskOf(value: unknown): Disk {
  const { device, qdev, 'node-name': node, stats } = recordOf(value);
  const of = recordOf(stats);
  return {
    name: nameOf(device, qdev, node),
    read_bytes: countOf(of.rd_bytes),
    write_bytes: countOf(of.wr_bytes),
    unmap_bytes: countOf(of.unmap_bytes),
    reads: countOf(of.rd_operations),
    writes: countOf(of.wr_operations),
    flushes: countOf(of.flush_operations),
    read_errors: countOf(of.failed_rd_operations),
    write_errors: countOf(of.failed_wr_operations),
    flush_errors: countOf(of.failed_flush_operations),
    read_time_ns: countOf(of.rd_total_time_ns),
    write_time_ns: countOf(of.wr_total_time_ns),
    flush_time_ns: countOf(of.flush_total_time_ns),
    highest_write_offset_bytes: countOf(of.wr_highest_offset),
  };
}

/** A disk that was given by -blockdev has an empty `device`. */
function nameOf(...candidates: readonly unknown[]): string {
  const name = candidates.find((candidate) => typeof candidate === 'string' && candidate !== '') ?? '';
  return (name as string).slice(0, FIELDS.blocks.items.name.maxLength);
}

function totalsOf(disks: readonly Disk[] | null) {
  const errors = disks?.flatMap(({ read_errors, write_errors, flush_errors }) =>
    [read_errors, write_errors, flush_errors].map((count) => ({ count })),
  );
  return {
    block_read_bytes: totalOf(disks, 'read_bytes'),
    block_write_bytes: totalOf(disks, 'write_bytes'),
    block_unmap_bytes: totalOf(disks, 'unmap_bytes'),
    block_reads: totalOf(disks, 'reads'),
    block_writes: totalOf(disks, 'writes'),
    block_flushes: totalOf(disks, 'flushes'),
    block_errors: totalOf(errors ?? null, 'count'),
    block_read_time_ns: totalOf(disks, 'read_time_ns'),
    block_write_time_ns: totalOf(disks, 'write_time_ns'),
    block_flush_time_ns: totalOf(disks, 'flush_time_ns'),
  };
}

function firstOf<K extends string, T>(name: K, all: readonly T[] | null, most: number) {
  const unlisted = Math.max(0, (all?.length ?? 0) - most);
  return { [`${name}_unlisted`]: unlisted, [name]: all?.slice(0, most) ?? null } as {
    [N in `${K}_unlisted`]: number;
  } & { [N in K]: readonly T[] | null };
}

/** None of what has no number. */
function vcpuOf(value: unknown): Vcpu[] {
  const { 'cpu-index': index, 'thread-id': thread } = recordOf(value);
  const vcpu = countOf(index);
  return vcpu === null ? [] : [{ vcpu, tid: countOf(thread) }];
}

function balloonOf(balloon: Loose, told: Loose) {
  const of = recordOf(told.stats);
  const updated = countOf(told['last-update']);
  return {
    balloon_updated_s: updated === 0 ? null : updated,
    balloon_actual_bytes: countOf(balloon.actual),
    balloon_free_bytes: statOf(of['stat-free-memory']),
    balloon_available_bytes: statOf(of['stat-available-memory']),
    balloon_total_bytes: statOf(of['stat-total-memory']),
    balloon_disk_caches_bytes: statOf(of['stat-disk-caches']),
    balloon_swap_in_bytes: statOf(of['stat-swap-in']),
    balloon_swap_out_bytes: statOf(of['stat-swap-out']),
    balloon_major_faults: statOf(of['stat-major-faults']),
    balloon_minor_faults: statOf(of['stat-minor-faults']),
  };
}

function statOf(value: unknown): Count {
  const count = countOf(value);
  return count === ABSENT ? null : count;
}
