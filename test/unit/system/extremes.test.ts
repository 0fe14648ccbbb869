import { expect, test } from 'vitest';
import { exactly, U64_MAX } from '../support/rows.js';
import { parseSystemCase } from '../support/system-case.js';

const { cpus, disks, nets, ...scalars } = parseSystemCase('counters-of-64-bits');

test('64-bit counters come out to the last digit', () => {
  const { cpu_user_jiffies, interrupts, threads, page_faults, psi_io_full_us } = exactly(scalars);
  expect([cpu_user_jiffies, interrupts, threads, page_faults, psi_io_full_us]).toEqual(Array(5).fill(U64_MAX));
});

test('what is scaled to bytes is not rounded', () => {
  expect(scalars.mem_free_bytes).toBe(18014398509481983n * 1024n);
  expect(disks?.[0]).toMatchObject({ read_bytes: 36028797018963967n * 512n, write_bytes: 9007199254740993n * 512n });
});

test('what is added up is not rounded', () => {
  expect(cpus?.[0]?.user_jiffies).toBe(U64_MAX);
  expect(nets?.[0]?.rx_packets).toBe(9007199254740993n);
  expect(scalars.net_rx_packets).toBe(9007199254740993n);
  expect(scalars.disk_reads).toBe(U64_MAX);
});

test('a level that wrapped below zero, as an old lxcfs tells it, costs its own field and not the row', () => {
  expect(parseSystemCase('wrapped-below-zero')).toMatchObject({
    swap_free_bytes: null,
    mem_free_bytes: 24151608 * 1024,
  });
});
