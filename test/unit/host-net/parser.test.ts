import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseHostNet } from '../../../src/plugins/host-net/parser.js';
import { reading } from '../support/readings.js';
import { U64_MAX } from '../support/rows.js';

const FIXTURES = join(import.meta.dirname, '../../../src/plugins/host-net/fixtures');
const netDev = (name: string) => readFileSync(join(FIXTURES, name, 'proc/4242/net/dev'), 'latin1');
const parse = (name: string) => parseHostNet(reading(netDev(name)))!;

test('lo is listed, and in no total', () => {
  expect(parse('a-namespace-with-lo-alone')).toMatchObject({
    net_rx_bytes: 0,
    net_tx_packets: 0,
    nets: [{ net: 'lo', rx_bytes: 6386, rx_packets: 58, tx_bytes: 6386, tx_packets: 58 }],
  });
});

test('the tap of a virtual machine stands beside the interfaces of its host', () => {
  const { nets, net_tx_dropped } = parse('tap-of-a-virtual-machine/0');
  expect(nets.map(({ net }) => net)).toEqual(['lo', 'enp1s0', 'virbr0', 'vnet3']);
  expect(nets[3]).toMatchObject({ rx_bytes: 90112, rx_packets: 611, tx_bytes: 220160, tx_dropped: 7 });
  expect(net_tx_dropped).toBe(7);
});

test('a name may hold a colon, and begin like lo', () => {
  const { nets, net_rx_bytes } = parse('interface-names');
  expect(nets.map(({ net }) => net)).toEqual(['lo', 'eth0:1', 'averyveryvlong0', 'br-1a2b3c4d5e6f', 'lo0']);
  expect(net_rx_bytes).toBe(1111);
});

test('64-bit counters, and their sums, are exact; a sum of more than 64 bits is null', () => {
  const { nets, ...totals } = parse('counters-of-64-bits');
  expect(nets[1]).toMatchObject({ rx_bytes: U64_MAX, rx_packets: 9007199254740993n });
  expect(totals).toMatchObject({ net_rx_bytes: U64_MAX, net_tx_packets: 9007199254740995n, net_tx_dropped: null });
});

test('numbers that touch the colon, as old kernels print them, are read', () => {
  expect(parse('numbers-that-touch-the-colon')).toMatchObject({ net_rx_bytes: 91827364501, net_rx_packets: 70123456 });
});

test('a torn file gives no row: a total that lacks an interface would be wrong', () => {
  const text = netDev('tap-of-a-virtual-machine/0');
  for (const length of [0, 1, text.indexOf('enp1s0') + 3, text.length - 1])
    expect(parseHostNet(reading(text.slice(0, length)))).toBeNull();
});

test('of more than 4096 interfaces the first are listed, the rest counted, and all added up', () => {
  const lines = Array.from({ length: 5000 }, (_, i) => `tap${i}: 2 1 0 0 0 0 0 0 3 1 0 0 0 0 0 0\n`);
  const { nets, ...totals } = parseHostNet(reading(lines.join('')))!;
  expect([nets.length, nets[4095]!.net]).toEqual([4096, 'tap4095']);
  expect(totals).toMatchObject({ nets_unlisted: 904, net_rx_bytes: 10_000, net_tx_bytes: 15_000, net_rx_errors: 0 });
});
