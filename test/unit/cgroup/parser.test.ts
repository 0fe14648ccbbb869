import { expect, test } from 'vitest';
import cgroup from '../../../src/plugins/cgroup/index.js';
import { cgroupCase } from '../support/cgroup-case.js';
import { U64_MAX } from '../support/rows.js';

const rowOf = (name: string, changed = {}) => cgroupCase(name, changed).row();

test('a service of systemd', () => {
  const row = rowOf('service-on-debian-12/0');
  expect(row).toMatchObject({ cpu_usage_us: 8123456, cpu_user_us: 6012345, cpu_sys_us: 2111111, pids_current: 7 });
  expect(row).toMatchObject({ memory_current_bytes: 23621632, memory_kernel_bytes: 1507328, page_faults: 31337 });
  expect(row).toMatchObject({ io_read_bytes: 13107200, io_writes: 2, psi_io_some_us: 9001, psi_cpu_full_us: 50111 });
  expect(row.disks?.map(({ device }) => device)).toEqual(['254:0', '8:0']);
  expect(Object.keys(row).sort()).toEqual(Object.keys(cgroup.fields).sort());
});

test('a scope that is throttled and out of memory', () => {
  expect(rowOf('docker-scope-that-is-throttled')).toMatchObject({
    cpu_periods: 18231,
    cpu_throttled_periods: 17990,
    cpu_throttled_us: 51234567890,
    memory_high_events: 181,
    memory_max_events: 9034,
    oom_events: 12,
    oom_kills: 5,
  });
});

test.each([
  ['root-group', ['memory_current_bytes', 'memory_peak_bytes', 'oom_kills', 'pids_current', 'cpu_periods']],
  ['hybrid-with-v2-at-unified', ['memory_current_bytes', 'page_faults', 'io_reads', 'disks', 'disks_unlisted']],
  ['kernel-5-10', ['memory_peak_bytes', 'memory_kernel_bytes', 'psi_cpu_full_us']],
])('%s: what is not told is null', (name, fields) => {
  const row = rowOf(name) as Record<string, unknown>;
  expect(fields.map((field) => row[field])).toEqual(fields.map(() => null));
  expect(row).toMatchObject({ cpu_usage_us: 8123456, psi_cpu_some_us: 51234 });
});

test('64-bit counters, and their sums, are exact; a sum of more than 64 bits is null', () => {
  const row = rowOf('counters-of-64-bits');
  expect(row).toMatchObject({ cpu_usage_us: U64_MAX, memory_current_bytes: U64_MAX, oom_kills: U64_MAX });
  expect(row).toMatchObject({ io_read_bytes: U64_MAX, io_write_bytes: 18014398509481986n, io_writes: null });
  expect(row.disks?.[0]).toMatchObject({ read_bytes: U64_MAX, reads: 9007199254740993n });
});

test('devices that have counted nothing, and hidden paths, are no disks of their own', () => {
  const row = rowOf('io-stat-with-devices-that-counted-nothing');
  expect(row.disks?.map(({ device, reads }) => [device, reads])).toEqual([
    ['8:32', 3100795],
    ['7:4', 22],
    ['259:0', 18],
  ]);
  expect(row.io_reads).toBe(3100795 + 22 + 18);
});

test('no I/O yet is zero, not null', () => {
  expect(rowOf('service-on-debian-12/0', { ioStat: '' })).toMatchObject({ io_reads: 0, disks: [], disks_unlisted: 0 });
});

test('of more than 4096 devices the first are listed, the rest counted, and all added up', () => {
  const ioStat = Array.from({ length: 4100 }, (_, i) => `8:${i} rbytes=3 wbytes=0 rios=1 wios=0 dbytes=0 dios=0\n`);
  const { disks, ...row } = rowOf('service-on-debian-12/0', { ioStat: ioStat.join('') });
  expect(disks?.length).toBe(4096);
  expect(row).toMatchObject({ disks_unlisted: 4, io_read_bytes: 12300, io_discard_bytes: 0 });
});
