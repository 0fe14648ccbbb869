import { describe, expect, test } from 'vitest';
import { planOf, TARGET } from '../support/plan-harness.js';

test('a target is enough: two collectors every 100 ms for 10 s, one unlabelled phase', () => {
  const plan = planOf({ target: TARGET });
  expect(plan).toMatchObject({
    profile: 'lab',
    target: TARGET,
    durationNs: 10e9,
    plugins: [],
    outputFolder: '/cwd/data/episodes',
  });
  expect(plan.collectors.map(({ source, use, intervalNs }) => [source, use, intervalNs])).toEqual([
    ['host_proc', 'host_proc', 1e8],
    ['system', 'system', 1e8],
  ]);
  expect(plan.phases).toEqual([
    { name: 'episode', label: 'unlabelled', startNs: 0, endNs: 10e9, run: null, oneshot: false, technique: null },
  ]);
});

test('a machine has no host that looks at it: its default collector is system alone', () => {
  expect(planOf({ target: { type: 'machine' } }).collectors.map(({ source }) => source)).toEqual(['system']);
});

test('phases stand one behind the other, and their sum is the duration', () => {
  const phases = [
    { name: 'baseline', label: 'benign', duration: '10s' },
    {
      name: 'miner',
      label: 'malicious',
      duration: '1.5m',
      run: ['./mine', '-x'],
      oneshot: true,
      technique: 'T1496.001',
    },
  ];
  const plan = planOf({ target: TARGET, phases });
  expect(plan.durationNs).toBe(100e9);
  expect(plan.phases).toEqual([
    { name: 'baseline', label: 'benign', startNs: 0, endNs: 10e9, run: null, oneshot: false, technique: null },
    {
      name: 'miner',
      label: 'malicious',
      startNs: 10e9,
      endNs: 100e9,
      run: ['./mine', '-x'],
      oneshot: true,
      technique: 'T1496.001',
    },
  ]);
  expect(planOf({ target: TARGET, phases, duration: '100s' }).durationNs).toBe(100e9);
});

test("a label of one's own is allowed once it is listed", () => {
  const phases = [{ name: 'a', label: 'miner', duration: '1s' }];
  expect(planOf({ target: TARGET, classes: ['miner'], phases }).phases[0]?.label).toBe('miner');
});

test('a collector may be renamed, slower, optional, or left at its defaults', () => {
  const { collectors } = planOf({
    target: TARGET,
    collectors: {
      system: null,
      lab_host: { use: '@acme/pkg#system', interval: '1s', optional: true, options: { a: [1] } },
    },
  });
  expect(collectors).toEqual([
    { source: 'system', use: 'system', vantage: 'local', isOptional: false, intervalNs: 1e8, options: {} },
    {
      source: 'lab_host',
      use: '@acme/pkg#system',
      vantage: 'local',
      isOptional: true,
      intervalNs: 1e9,
      options: { a: [1] },
    },
  ]);
});

test('what an episode is evidence of is taken over as it is', () => {
  const evidence = {
    scenario: { id: 'http', version: 2, arm: 'benign', pair: '17', repeat: 0 },
    sample: { sha256: 'a'.repeat(64), family: 'xmrig', family_source: 'avclass', first_seen: '2026-01-31' },
    seed: 0,
    operator: 'me',
    notes: '',
    tags: ['x'],
  };
  expect(planOf({ target: TARGET, ...evidence }).evidence).toEqual(evidence);
});

describe('profile deployment', () => {
  test('observes the machine, with system alone', () => {
    const plan = planOf({ profile: 'deployment' });
    expect(plan).toMatchObject({ profile: 'deployment', target: { type: 'machine' } });
    expect(plan.collectors.map(({ source }) => source)).toEqual(['system']);
  });

  test('may say so', () => {
    expect(planOf({ profile: 'deployment', target: { type: 'machine' } }).target).toEqual({ type: 'machine' });
  });
});

test.each([
  [undefined, '/base/out'],
  ['here', '/cwd/here'],
  ['/abs', '/abs'],
])('with --output %s the episodes of a file that says "out" go to %s', async (output, folder) => {
  const { outputFolder } = await import('../../../src/core/config/make-plan.js');
  expect(outputFolder({ output: 'out' }, { raw: {}, path: null, baseDir: '/base' }, output, '/cwd')).toBe(folder);
});
