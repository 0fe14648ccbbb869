import type { Fields } from '../../../src/index.js';

const description = 'A test field.';

/** One field of each sort. */
export const TABLE = {
  level: { type: 'integer', unit: 'By', kind: 'gauge', description, minimum: -5, maximum: 1e15 },
  count: { type: 'integer', unit: '1', kind: 'counter', reset: 'boot', nullable: true, description },
  signed: { type: 'integer', unit: '1', kind: 'gauge', description },
  ratio: { type: 'number', unit: '1', kind: 'gauge', description, minimum: 0, maximum: 1 },
  free: { type: 'number', unit: '1', kind: 'gauge', nullable: true, description },
  word: { type: 'string', kind: 'info', description, maxLength: 8 },
  mode: { type: 'string', kind: 'state', description, enum: ['on', 'off', '"quoted"'], nullable: true },
  flag: { type: 'boolean', kind: 'state', description },
  cpus: {
    type: 'array',
    description,
    maxItems: 3,
    nullable: true,
    items: {
      cpu: { type: 'integer', unit: '1', kind: 'info', key: true, minimum: 0, description },
      name: { type: 'string', kind: 'info', nullable: true, description, maxLength: 4 },
    },
  },
} as const satisfies Fields;

export const GOOD = {
  level: 5,
  count: 2n ** 64n - 1n,
  signed: -7,
  ratio: 0.5,
  free: null,
  word: 'word',
  mode: 'on',
  flag: true,
  cpus: [
    { cpu: 0, name: null },
    { cpu: 1, name: 'abcd' },
  ],
};
