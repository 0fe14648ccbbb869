import type { FileReading, RowOf } from '../../index.js';
import { type NetDevice, parseNetDev, totalOf, wholeLines } from '../../procfs.js';
import { type FIELDS, MAX_NETS } from './fields.js';

type Row = RowOf<typeof FIELDS>;

const NEWLINE = 0x0a;

/** The row from /proc/PID/net/dev. Null if that is empty or torn: a total without the missing interfaces would be wrong. */
export function parseHostNet(netDev: FileReading): Row | null {
  if (netDev.bytes[netDev.length - 1] !== NEWLINE) return null;
  const devices = parseNetDev(wholeLines(netDev));
  const outer = devices.filter(({ name }) => name !== 'lo');
  return {
    net_rx_bytes: totalOf(outer, 'rxBytes'),
    net_rx_packets: totalOf(outer, 'rxPackets'),
    net_rx_errors: totalOf(outer, 'rxErrors'),
    net_rx_dropped: totalOf(outer, 'rxDropped'),
    net_tx_bytes: totalOf(outer, 'txBytes'),
    net_tx_packets: totalOf(outer, 'txPackets'),
    net_tx_errors: totalOf(outer, 'txErrors'),
    net_tx_dropped: totalOf(outer, 'txDropped'),
    nets_unlisted: Math.max(0, devices.length - MAX_NETS),
    nets: devices.slice(0, MAX_NETS).map(recordOf),
  };
}

function recordOf(device: NetDevice): Row['nets'][number] {
  return {
    net: device.name,
    rx_bytes: device.rxBytes,
    rx_packets: device.rxPackets,
    rx_errors: device.rxErrors,
    rx_dropped: device.rxDropped,
    tx_bytes: device.txBytes,
    tx_packets: device.txPackets,
    tx_errors: device.txErrors,
    tx_dropped: device.txDropped,
  };
}
