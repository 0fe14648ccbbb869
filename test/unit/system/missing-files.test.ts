import { expect, test } from 'vitest';
import { FIELDS } from '../../../src/plugins/system/fields.js';
import { parseSystem } from '../../../src/plugins/system/parser.js';
import { unreadable } from '../support/readings.js';
import { parseSystemCase } from '../support/system-case.js';

const FROM_STAT_AND_MEMINFO = /^(cpu_|mem_|swap_free|procs_|forks|context_|interrupts|cpus)/;

test('a kernel without pressure, vmstat, diskstats and net gives null for what they would tell', () => {
  const row = parseSystemCase('no-pressure-vmstat-disks-net');
  const missing = Object.entries(row).filter(([, value]) => value === null);
  const expected = Object.keys(FIELDS).filter((key) => !FROM_STAT_AND_MEMINFO.test(key));
  expect(missing.map(([key]) => key).sort()).toEqual(expected.sort());
});

test('where nothing at all can be read, every field is null', () => {
  const none = unreadable();
  const files = { stat: none, meminfo: none, vmstat: none, loadavg: none, diskstats: none, netDev: none };
  const pressure = { cpuPressure: none, memoryPressure: none, ioPressure: none };
  const row = parseSystem({ ...files, ...pressure, selfStat: none }, 4096);
  expect(row).toEqual(Object.fromEntries(Object.keys(FIELDS).map((key) => [key, null])));
});

test('a machine with lo and loop devices only has totals of zero and no instances', () => {
  const row = parseSystemCase('no-interface-but-lo');
  expect(row).toMatchObject({
    nets: [],
    net_rx_bytes: 0,
    net_tx_packets: 0,
    disks: [],
    disk_reads: 0,
    disk_write_bytes: 0,
  });
});
