import type { OptionsSchema } from 'cis490';

export const OPTIONS = {
  type: 'object',
  additionalProperties: false,
  properties: {
    folder: { type: 'string', minLength: 1, default: '/tmp', description: 'The folder to watch.' },
  },
} as const satisfies OptionsSchema;
