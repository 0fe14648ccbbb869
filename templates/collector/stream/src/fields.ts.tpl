import type { Fields } from 'cis490';

/** A row, column by column: the schema, the row's type and the README's table are made of it. */
export const FIELDS = {
  change: {
    type: 'string',
    kind: 'state',
    enum: ['rename', 'change'],
    description: 'Whether a name came or went (rename), or a content changed (inotify(7)).',
  },
  file: {
    type: 'string',
    kind: 'info',
    nullable: true,
    maxLength: 255,
    description: 'The name in the folder; null where the kernel does not tell.',
  },
} as const satisfies Fields;
