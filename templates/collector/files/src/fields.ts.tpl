import type { Fields } from 'cis490';

/** A row, column by column: the schema, the row's type and the README's table are made of it. */
export const FIELDS = {
  runnable: {
    type: 'integer',
    unit: '{thread}',
    kind: 'gauge',
    minimum: 0,
    description: 'Threads running or ready to run (loadavg, 4th, before the slash).',
  },
  threads: {
    type: 'integer',
    unit: '{thread}',
    kind: 'gauge',
    minimum: 0,
    description: 'Threads in existence (loadavg, 4th, behind the slash).',
  },
} as const satisfies Fields;
