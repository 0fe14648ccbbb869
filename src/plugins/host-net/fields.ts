import { counterSince, type Fields, type ScalarField } from '../../index.js';

/** So many interfaces are listed; a machine with more of them has its own troubles. */
export const MAX_NETS = 4096;

/** What an interface counts since it appeared. */
const count = counterSince('device');

/** A total steps back when an interface goes away, or when the target enters another namespace. */
const total = <const U extends string, const D extends string>(unit: U, what: D) =>
  ({
    ...count(unit, `${what}, all interfaces but lo (net/dev).`),
    mayDecrease: true,
  }) as const satisfies ScalarField;

/** The interfaces of the target's network namespace, from proc_pid_net(5). */
export const FIELDS = {
  net_rx_bytes: total('By', 'Bytes received'),
  net_rx_packets: total('{packet}', 'Packets received'),
  net_rx_errors: total('{packet}', 'Packets received with an error'),
  net_rx_dropped: total('{packet}', 'Packets received and dropped'),
  net_tx_bytes: total('By', 'Bytes sent'),
  net_tx_packets: total('{packet}', 'Packets sent'),
  net_tx_errors: total('{packet}', 'Packets that an error kept from being sent'),
  net_tx_dropped: total('{packet}', 'Packets dropped instead of sent'),
  nets_unlisted: {
    type: 'integer',
    unit: '{interface}',
    kind: 'gauge',
    minimum: 0,
    description: `Interfaces that nets has no room for, beyond ${MAX_NETS}; the totals hold them.`,
  },
  nets: {
    type: 'array',
    maxItems: MAX_NETS,
    description: 'Each interface of the namespace, lo among them (net/dev).',
    items: {
      net: {
        type: 'string',
        kind: 'info',
        key: true,
        maxLength: 64,
        description: 'The name of the interface.',
      },
      rx_bytes: count('By', 'Bytes received.'),
      rx_packets: count('{packet}', 'Packets received.'),
      rx_errors: count('{packet}', 'Packets received with an error.'),
      rx_dropped: count('{packet}', 'Packets received and dropped.'),
      tx_bytes: count('By', 'Bytes sent.'),
      tx_packets: count('{packet}', 'Packets sent.'),
      tx_errors: count('{packet}', 'Packets that an error kept from being sent.'),
      tx_dropped: count('{packet}', 'Packets dropped instead of sent.'),
    },
  },
} as const satisfies Fields;
