import type { Fields } from 'cis490';

/** A row, column by column: the schema, the row's type and the README's table are made of it. */
export const FIELDS = {
  open_files: {
    type: 'integer',
    unit: '{file}',
    kind: 'gauge',
    minimum: 0,
    description: 'File handles in use, all processes (file-nr, 1st).',
  },
  max_files: {
    type: 'integer',
    unit: '{file}',
    kind: 'info',
    minimum: 0,
    description: 'How many there may be (file-nr, 3rd).',
  },
} as const satisfies Fields;
