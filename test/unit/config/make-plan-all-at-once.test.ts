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

test('of more than a hundred violations the first hundred are told, and how many there are', () => {
  const keys = Array.from({ length: 149 }, (_, i) => [`k${i}`, 1]);
  const broken = tryPlan({ target: TARGET, ...Object.fromEntries(keys) });
  expect(() => requirePlan(broken, ['one of a plugin'])).toThrow('the configuration has 150 problems');
  try {
    requirePlan(broken, ['one of a plugin']);
  } catch (error) {
    const { problems } = error as CisError;
    expect(problems).toHaveLength(101);
    expect(problems.at(-1)).toBe('there are 50 more');
  }
});

test('a target without a type is told to lack it', () => {
  expect(problemsOf({ target: { pid: 1 } })).toEqual([
    expect.stringMatching(/^target\.type is missing; it must be one of/),
  ]);
});
