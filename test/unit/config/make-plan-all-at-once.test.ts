import fc from 'fast-check';
import { expect, test } from 'vitest';
import { requirePlan } from '../../../src/core/config/make-plan.js';
import { CisError } from '../../../src/core/errors/cis-error.js';
import { problemsOf, TARGET, tryPlan } from '../support/plan-harness.js';

test('every violation of the schema is told', () => {
  const problems = problemsOf({ profile: 'x', seed: -1, duration: '5', bogus: 1, target: { type: 'pid', pid: -1 } });
  const places = problems.map((problem) => /^[\w.]+/.exec(problem)?.[0]);
  expect(places.sort()).toEqual(['bogus', 'duration', 'profile', 'seed', 'target.pid']);
});

test('every violation beyond the schema is told', () => {
  const problems = problemsOf({
    duration: '0s',
    phases: [
      { name: 'a', label: 'x', duration: '0s' },
      { name: 'a', label: 'benign', duration: '1s' },
    ],
    collectors: { system: { interval: '0ms' }, host_proc: { interval: '0.1ms' } },
  });
  for (const place of [
    'duration',
    'phases[0].label',
    'phases[0].duration',
    'phases[1].name',
    'collectors.system.interval',
    'collectors.host_proc.interval',
    'target',
  ]) {
    expect(problems).toContainEqual(expect.stringContaining(`${place} is `));
  }
});

test('both sorts are told together', () => {
  const problems = problemsOf({
    bogus: 1,
    phases: [
      { name: 'a', label: 'x', duration: '1s' },
      { name: 'a', label: 5, duration: '1s' },
    ],
    collectors: { system: { interval: '0ms' }, host_proc: { interval: 5 } },
  });
  const places = problems.map((problem) => /^[\w.[\]]+/.exec(problem)?.[0]);
  expect(places.sort()).toEqual([
    'bogus',
    'collectors.host_proc.interval',
    'collectors.system.interval',
    'phases[0].label',
    'phases[1].label',
    'phases[1].name',
    'target',
  ]);
});

test('sound collectors of a broken configuration are handed on, for their plugins to check', () => {
  const result = tryPlan({ target: TARGET, duration: '0s', collectors: { system: { options: { a: 1 } } } });
  expect(result).toMatchObject({ collectors: [{ source: 'system', options: { a: 1 } }] });
});

test('requirePlan throws one error with all of them', () => {
  const broken = tryPlan({ duration: '0s' });
  const error = (() => {
    try {
      return requirePlan(broken, ['collectors.system.options.a is 1']);
    } catch (thrown) {
      return thrown;
    }
  })();
  expect(error).toBeInstanceOf(CisError);
  expect(error).toMatchObject({ code: 'CONFIG_INVALID', exitCode: 2, message: 'the configuration has 3 problems' });
  expect((error as CisError).problems).toHaveLength(3);
});

const value = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom<unknown>('1s', '0s', 'benign', { type: 'pid', pid: 1 }, { system: null }),
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
  'scenario',
  '__proto__',
  'x',
] as const;
const phases = fc.array(
  fc.oneof(fc.dictionary(fc.constantFrom('name', 'label', 'duration', 'run', 'x'), value), value),
  { maxLength: 3 },
);
const collectors = fc.dictionary(
  fc.constantFrom('system', 'a/b', 'A~', '0'),
  fc.oneof(value, fc.dictionary(fc.constantFrom('interval', 'use', 'options'), value)),
);
const config = fc
  .tuple(
    fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 4 }),
    fc.option(phases, { nil: undefined }),
    fc.option(collectors, { nil: undefined }),
  )
  .map(([rest, phases, collectors]) => ({ ...rest, ...(phases && { phases }), ...(collectors && { collectors }) }));
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
