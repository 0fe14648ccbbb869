import { pythonProgram } from './build.mjs';

/** Options of `exec` for a program that prints two integers every so many milliseconds. */
export function ticksOptions(intervalMs) {
  const nanoseconds = { type: 'integer', minimum: 0, 'x-unit': 'ns' };
  return {
    argv: ['python3', pythonProgram('ticks'), `${intervalMs}`],
    schema: {
      type: 'object',
      properties: { late_ns: nanoseconds, cpu_ns: nanoseconds },
      required: ['late_ns', 'cpu_ns'],
      additionalProperties: false,
    },
    available_in_deployment: false,
    rationale: 'It is part of a benchmark.',
  };
}
