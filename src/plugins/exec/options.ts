import type { OptionsOf, OptionsSchema } from '../../index.js';

export const OPTIONS = {
  type: 'object',
  additionalProperties: false,
  properties: {
    argv: {
      type: 'array',
      minItems: 1,
      items: { type: 'string' },
      description: 'The program and its arguments; looked up in PATH, or a path from "cwd".',
    },
    schema: {
      type: ['string', 'object'],
      description: 'The JSON Schema of one row: a file, from the folder of the configuration, or the schema itself.',
    },
    available_in_deployment: {
      type: 'boolean',
      description: 'Whether the program could run, and read the same, on a deployed device. There is no default.',
    },
    rationale: {
      type: 'string',
      minLength: 1,
      default: 'The configuration says so.',
      description: 'Why it is, or is not, available in deployment.',
    },
    row_version: {
      type: 'integer',
      minimum: 1,
      default: 1,
      description: 'The version of the rows; to be raised when the schema changes.',
    },
    restart: {
      type: 'string',
      enum: ['never', 'on_failure', 'always'],
      default: 'never',
      description: 'Whether to start it again when it has ended by itself: never, after a failure, or always.',
    },
    restart_delay_ms: {
      type: 'integer',
      minimum: 10,
      maximum: 3_600_000,
      default: 1000,
      description: 'How long to wait before that, in milliseconds.',
    },
    cwd: {
      type: 'string',
      default: '.',
      description: 'The folder to run it in, from the folder of the configuration.',
    },
    env: {
      type: 'object',
      additionalProperties: { type: 'string' },
      default: {},
      description: 'Variables to add to its environment, which has PATH, HOME and the language only.',
    },
  },
  required: ['argv', 'schema', 'available_in_deployment'],
} as const satisfies OptionsSchema;

export type ExecOptions = OptionsOf<typeof OPTIONS>;
