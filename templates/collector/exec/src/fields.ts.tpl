import type { Fields, ScalarField } from 'cis490';

const sockets = <const D extends string>(description: D) =>
  ({ type: 'integer', unit: '{socket}', kind: 'gauge', minimum: 0, description }) as const satisfies ScalarField;

/** A row, column by column: what the program prints is held against it. */
export const FIELDS = {
  established: sockets('Connections that are open (net/tcp and net/tcp6, state 01).'),
  syn_sent: sockets('Connections being opened (state 02).'),
  time_wait: sockets('Connections just closed (state 06).'),
  listen: sockets('Sockets that wait for connections (state 0A).'),
} as const satisfies Fields;
