import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tryPlan } from '../support/plan-harness.js';

const value = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom<unknown>(
    '1s',
    '0s',
    { min: '1s', max: '3s' },
    'benign',
    'shuffled',
    { type: 'pid', pid: 1 },
    { system: null },
  ),
);
const keys = [
  'profile',
  'target',
  'phases',
  'duration',
  'collectors',
  'classes',
  'plugins',
  'output',
  'tags',
  'order',
  'seed',
  'scenario',
  '__proto__',
  'x',
] as const;
const phases = fc.array(
  fc.oneof(fc.dictionary(fc.constantFrom('name', 'label', 'duration', 'run', 'x'), value), value),
  { maxLength: 3 },
);
const qemu = fc
  .dictionary(
    fc.constantFrom('image', 'kernel', 'append', 'disk', 'memory', 'scratch', 'settle', 'capture', 'network', 'x'),
    fc.oneof(value, fc.constantFrom<unknown>('lab', 'a.raw', '1GiB', { min: '1s', max: '2s' }, true, 'isolated')),
  )
  .map((keys) => ({ ...keys, type: 'qemu' }));
const collectors = fc.dictionary(
  fc.constantFrom('system', 'a/b', 'A~', '0'),
  fc.oneof(value, fc.dictionary(fc.constantFrom('interval', 'use', 'options'), value)),
);
const config = fc
  .tuple(
    fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 4 }),
    fc.option(phases, { nil: undefined }),
    fc.option(collectors, { nil: undefined }),
    fc.option(qemu, { nil: undefined }),
  )
  .map(([rest, phases, collectors, target]) => ({
    ...rest,
    ...(phases && { phases }),
    ...(collectors && { collectors }),
    ...(target && { target }),
  }));
const flags = fc.constantFrom(
  {},
  { interval: '1s' },
  { collectors: ['system', 'toString'] },
  { phases: ['a:b:c:d', ''] },
  { targetPid: 0 },
);

test('whatever the file and the flags say, the answer is a plan or sentences', () => {
  fc.assert(
    fc.property(config, flags, (raw, given) => {
      const result = tryPlan(raw, given);
      if ('plan' in result) return;
      expect(result.problems.length).toBeGreaterThan(0);
      for (const problem of result.problems) expect(problem).toMatch(/^[^ ].* (is|are|it|there|which|no)\b/s);
    }),
    { numRuns: 1000 },
  );
});
