import { describe, expect, test } from 'vitest';
import { planOf, problemsOf, TARGET } from '../support/plan-harness.js';

/** A phase of which nothing but name, label and length is said, beside a target that is no virtual machine. */
const PLAIN = { run: null, oneshot: false, technique: null, durationRange: null, isIdle: false };

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
  expect(plan.phases).toEqual([{ ...PLAIN, name: 'episode', label: 'unlabelled', startNs: 0, endNs: 10e9 }]);
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
    { ...PLAIN, name: 'baseline', label: 'benign', startNs: 0, endNs: 10e9 },
    {
      ...PLAIN,
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
    {
      source: 'system',
      use: 'system',
      vantage: 'local',
      isOptional: false,
      intervalNs: 1e8,
      lateAfterNs: 5e7,
      options: {},
    },
    {
      source: 'lab_host',
      use: '@acme/pkg#system',
      vantage: 'local',
      isOptional: true,
      intervalNs: 1e9,
      lateAfterNs: 5e8,
      options: { a: [1] },
    },
  ]);
});

describe('beside a qemu target', () => {
  const vantages = (collectors?: object) =>
    planOf({ target: { type: 'qemu' }, ...(collectors && { collectors }) }).collectors.map(({ source, vantage }) => [
      source,
      vantage,
    ]);

  test('the defaults are the same, with system in the guest', () => {
    expect(vantages()).toEqual([
      ['host_proc', 'local'],
      ['system', 'guest'],
    ]);
  });

  test('system looks from the guest under any name, unless told otherwise; others look from here', () => {
    const collectors = {
      inside: { use: 'system' },
      owned: { use: 'cis490#system' },
      host: { use: 'system', vantage: 'local' },
      foreign: { use: '@acme/pkg#system' },
      gpu: { vantage: 'guest' },
      host_net: null,
    };
    expect(vantages(collectors)).toEqual([
      ['inside', 'guest'],
      ['owned', 'guest'],
      ['host', 'local'],
      ['foreign', 'local'],
      ['gpu', 'guest'],
      ['host_net', 'local'],
    ]);
  });

  test('so it does where a flag names it', () => {
    const { collectors } = planOf({ target: { type: 'qemu' } }, { collectors: ['system'] });
    expect(collectors).toMatchObject([{ source: 'system', vantage: 'guest' }]);
  });
});

test.each([[TARGET], [{ type: 'machine' }], [{ type: 'command', argv: ['x'] }]])('%j has no inside', (target) => {
  expect(problemsOf({ target, collectors: { system: { vantage: 'guest' } } })).toEqual([
    `collectors.system.vantage is "guest", but target.type is "${target.type}"; a "qemu" target alone has an inside to look from`,
  ]);
});

test('a target that a flag put in place of the virtual machine has no inside either', () => {
  const config = { target: { type: 'qemu' }, collectors: { system: { vantage: 'guest' } } };
  expect(problemsOf(config, { targetPid: 1 })).toHaveLength(1);
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

  test('has no inside to look from', () => {
    expect(problemsOf({ profile: 'deployment', collectors: { system: { vantage: 'guest' } } })).toEqual([
      expect.stringMatching(/^collectors\.system\.vantage is "guest", but target\.type is "machine"/),
    ]);
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
