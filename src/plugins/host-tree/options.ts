import type { OptionsSchema } from '../../index.js';

export const OPTIONS = {
  type: 'object',
  additionalProperties: false,
  properties: {
    io: {
      type: 'boolean',
      default: true,
      description:
        "Whether to read /proc/PID/io of each process too: one more read per process, and rights over other users' processes.",
    },
  },
} as const satisfies OptionsSchema;
