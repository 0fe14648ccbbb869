import { expect, test } from 'vitest';
import { parseSystemCase } from '../support/system-case.js';

test('partitions are left out; a lone one that has no disk stands for itself', () => {
  const disks = parseSystemCase('partitions').disks?.map(({ disk }) => disk);
  expect(disks).toEqual(['sda', 'sdaa', 'nvme0n1', 'nvme0n10', 'mmcblk0', 'xvda1', 'xvda2']);
});

test('no byte of a disk counts twice', () => {
  const { disk_reads, disk_read_bytes } = parseSystemCase('partitions');
  expect(disk_reads).toBe(1000 + 7 + 500 + 3 + 50 + 11 + 17);
  expect(disk_read_bytes).toBe((80000 + 56 + 40000 + 24 + 4000 + 88 + 136) * 512);
});

test('loop, ram, zram, device mapper and md are no disks of their own', () => {
  const { disks } = parseSystemCase('no-disks-of-their-own');
  expect(disks?.map(({ disk }) => disk)).toEqual(['vda', 'sr0']);
});

test('diskstats of an older kernel has fewer columns', () => {
  expect(parseSystemCase('diskstats-of-14-columns').disks).toEqual([
    { disk: 'sda', reads: 1000, read_bytes: 80000 * 512, writes: 200, write_bytes: 16000 * 512 },
  ]);
});

test('a name may hold a colon or a bar, and touch its first count', () => {
  expect(parseSystemCase('interface-names').nets).toEqual([
    { net: 'eth0', rx_bytes: 362046709, rx_packets: 10153, tx_bytes: 897311, tx_packets: 6440 },
    { net: 'eth0:1', rx_bytes: 100, rx_packets: 2, tx_bytes: 300, tx_packets: 4 },
    { net: 'veth1234567890a', rx_bytes: 9223372036854775807n, rx_packets: 7, tx_bytes: 5, tx_packets: 6 },
    { net: 'face|bytes', rx_bytes: 1, rx_packets: 2, tx_bytes: 3, tx_packets: 4 },
  ]);
});

test('an offline cpu has no record, and the others keep their numbers', () => {
  expect(parseSystemCase('offline-cpus').cpus).toEqual([
    { cpu: 0, user_jiffies: 61, sys_jiffies: 10, idle_jiffies: 2000 },
    { cpu: 2, user_jiffies: 41, sys_jiffies: 20, idle_jiffies: 2000 },
    { cpu: 10, user_jiffies: 0, sys_jiffies: 0, idle_jiffies: 0 },
  ]);
});
