import { expect, test } from 'vitest';
import { applyFlags } from '../../../src/core/config/flags.js';
import { planOf, problemsOf, TARGET } from '../support/plan-harness.js';

const FILE = {
  target: { type: 'machine' },
  duration: '20s',
  phases: [{ name: 'file', label: 'benign', duration: '20s' }],
  collectors: { system: { interval: '1s', options: { a: 1 } }, gpu: { use: '@acme/pkg#gpu' } },
} as const;

test('without flags the file stands, and is not changed', () => {
  const frozen = Object.freeze(structuredClone(FILE)) as never;
  expect(applyFlags(frozen, {})).toEqual(FILE);
});

test.each([
  [{ targetPid: 42 }, { type: 'pid', pid: 42 }],
  [{ command: ['sleep', '1'] }, { type: 'command', argv: ['sleep', '1'] }],
])('%j replaces the target', (flags, target) => {
  expect(planOf(FILE, flags).target).toEqual(target);
});

test("--interval sets every collector's", () => {
  expect(planOf(FILE, { interval: '5ms' }).collectors.map(({ source, intervalNs }) => [source, intervalNs])).toEqual([
    ['system', 5e6],
    ['gpu', 5e6],
  ]);
  expect(planOf({ target: TARGET }, { interval: '5ms' }).collectors.map(({ intervalNs }) => intervalNs)).toEqual([
    5e6, 5e6,
  ]);
});

test("--collector replaces the file's list; one that the file has keeps its settings", () => {
  const { collectors } = planOf(FILE, { collectors: ['system', 'host_proc'] });
  expect(collectors.map(({ source, intervalNs, options }) => [source, intervalNs, options])).toEqual([
    ['system', 1e9, { a: 1 }],
    ['host_proc', 1e8, {}],
  ]);
});

test("--phase replaces the file's phases, and with them their duration", () => {
  const plan = planOf(FILE, { phases: ['a:benign:1s', 'b:malicious:500ms'] });
  expect(plan.phases.map(({ name, label, endNs }) => [name, label, endNs])).toEqual([
    ['a', 'benign', 1e9],
    ['b', 'malicious', 1.5e9],
  ]);
  expect(plan.durationNs).toBe(1.5e9);
});

test('--phase takes a range too', () => {
  const [drawn] = planOf({ target: TARGET }, { phases: ['a:benign:5s..10s'] }).phases;
  expect(drawn).toMatchObject({ name: 'a', durationRange: { minNs: 5e9, maxNs: 10e9 } });
});

test('--duration has to agree with the phases that are in force', () => {
  expect(planOf({ target: TARGET, duration: '20s' }, { duration: '3s' }).durationNs).toBe(3e9);
  expect(problemsOf(FILE, { duration: '3s' })).toEqual([
    expect.stringMatching(/^duration is "3s", but the phases add up to 20s/),
  ]);
});

test.each([
  ['a', /^phases\[0\]\.label is ""/],
  ['a:benign', /^phases\[0\]\.duration is ""/],
  ['a:benign:1s:2s', /^phases\[0\]\.duration is "1s:2s"/],
  ['a:benign:1s..', /^phases\[0\]\.duration is "1s\.\."/],
  ['a:benign:1s..2', /^phases\[0\]\.duration\.max is "2"/],
  ['a:benign:2s..1s', /^phases\[0\]\.duration\.min is "2s", which is longer than its max, "1s"/],
  [':benign:1s', /^phases\[0\]\.name is ""/],
])('--phase %s is a problem of that phase', (phase, sentence) => {
  expect(problemsOf({ target: TARGET }, { phases: [phase] })).toContainEqual(expect.stringMatching(sentence));
});

test("--interval does not hide that a collector's settings are no mapping", () => {
  expect(problemsOf({ target: TARGET, collectors: { system: 5 } }, { interval: '1s' })).toEqual([
    expect.stringMatching(/^collectors\.system is 5/),
  ]);
  expect(problemsOf({ target: TARGET, collectors: 'system' }, { interval: '1s' })).toEqual([
    expect.stringMatching(/^collectors is "system"/),
  ]);
});

test('a collector named like a property that every object has keeps no settings of it', () => {
  expect(applyFlags({}, { collectors: ['constructor'] }).collectors).toEqual({ constructor: {} });
});
