import { describe, expect, test } from 'vitest';
import { planOf, problemsOf, TARGET } from '../support/plan-harness.js';

const range = (min: string, max: string) => ({ min, max });
const phase = (name: string, duration: unknown, more: object = {}) => ({ name, label: 'benign', duration, ...more });
const lengths = (raw: object) =>
  Object.fromEntries(planOf(raw).phases.map(({ name, startNs, endNs }) => [name, endNs - startNs]));

describe('a duration that is drawn', () => {
  const phases = [phase('baseline', range('5s', '10s')), phase('miner', range('5s', '10s')), phase('end', '1s')];

  test('is a whole millisecond from its range, and the phases stand one behind the other', () => {
    const plan = planOf({ target: TARGET, seed: 7, phases });
    expect(plan.phases.map(({ startNs, endNs }) => [startNs, endNs])).toEqual([
      [0, 6515e6],
      [6515e6, 11_977e6],
      [11_977e6, 12_977e6],
    ]);
    expect(plan.durationNs).toBe(12_977e6);
    expect(plan.phases.map(({ durationRange }) => durationRange)).toEqual([
      { minNs: 5e9, maxNs: 10e9 },
      { minNs: 5e9, maxNs: 10e9 },
      null,
    ]);
  });

  test("follows the phase's name: two arms of a pair with one seed draw alike, whatever stands beside or before it", () => {
    const other = { target: { type: 'qemu' }, seed: 7, phases: [phase('warm-up', range('1s', '9s')), ...phases] };
    expect(lengths(other)).toMatchObject(lengths({ target: TARGET, seed: 7, phases }));
    expect(lengths({ target: TARGET, seed: 7, order: 'shuffled', phases })).toEqual(
      lengths({ target: TARGET, seed: 7, phases }),
    );
  });

  test('leaves no duration for the whole', () => {
    expect(problemsOf({ target: TARGET, phases, duration: '15s' })).toEqual([
      'duration is "15s", but that of "baseline", "miner" is drawn, and so is the sum of the phases; leave the duration out',
    ]);
    expect(problemsOf({ target: TARGET, phases }, { duration: '15s' })).toHaveLength(1);
  });

  test('of one millisecond more or less takes either', () => {
    const drawn = new Set<number | undefined>();
    for (let seed = 0; seed < 50; seed++)
      drawn.add(lengths({ target: TARGET, seed, phases: [phase('a', range('1ms', '2ms'))] }).a);
    expect([...drawn].sort()).toEqual([1e6, 2e6]);
  });

  test.each<[string, unknown, RegExp]>([
    [
      'ends the wrong way round',
      range('2s', '1s'),
      /^phases\[0\]\.duration\.min is "2s", which is longer than its max, "1s"/,
    ],
    ['no time at all', range('0s', '1s'), /^phases\[0\]\.duration\.min is "0s"; it must be longer than 0/],
    [
      'a fraction of a millisecond',
      range('0.5ms', '1s'),
      /^phases\[0\]\.duration\.min is "0\.5ms"; .* whole milliseconds/,
    ],
    ['no unit', range('5', '10s'), /^phases\[0\]\.duration\.min is "5"; it must be a duration with its unit/],
    ['a third key', { ...range('1s', '2s'), step: '1s' }, /^phases\[0\]\.duration\.step: there is no such key/],
    ['one end', { max: '1s' }, /^phases\[0\]\.duration\.min is missing$/],
    ['a list for a range', ['1s', '2s'], /^phases\[0\]\.duration is \["1s","2s"\]; it must be string or object/],
  ])('can not have %s', (_, duration, sentence) => {
    expect(problemsOf({ target: TARGET, phases: [phase('a', duration)] })).toEqual([expect.stringMatching(sentence)]);
  });
});

describe('a shuffled order', () => {
  const phases = ['baseline', 'action', 'recovery'].map((name) => phase(name, '1s'));

  test('is drawn, and the phases take their places in it', () => {
    const plan = planOf({ target: TARGET, seed: 0, order: 'shuffled', phases });
    expect(plan.order).toBe('shuffled');
    expect(plan.phases.map(({ name, startNs }) => [name, startNs])).toEqual([
      ['recovery', 0],
      ['baseline', 1e9],
      ['action', 2e9],
    ]);
  });

  test.each([undefined, 'given'])('is not drawn where the order is %s', (order) => {
    const plan = planOf({ target: TARGET, seed: 0, ...(order && { order }), phases });
    expect(plan.order).toBe('given');
    expect(plan.phases.map(({ name }) => name)).toEqual(['baseline', 'action', 'recovery']);
  });
});

describe('the seed', () => {
  const drawn = { target: TARGET, phases: [phase('a', range('1ms', '10s')), phase('b', range('1ms', '10s'))] };

  test('is made up where something has to be drawn, and repeats it', () => {
    const plan = planOf(drawn);
    const { seed } = plan.evidence;
    expect(plan.isSeedDrawn).toBe(true);
    expect(planOf({ ...drawn, seed })).toEqual({ ...plan, isSeedDrawn: false });
  });

  test.each([
    ['an order', { target: TARGET, order: 'shuffled', phases: [phase('a', '1s'), phase('b', '1s')] }],
    ['a settling time', { target: { type: 'qemu' } }],
  ])('is made up for %s too', (_, raw) => {
    expect(planOf(raw)).toMatchObject({ isSeedDrawn: true, evidence: { seed: expect.any(Number) } });
  });

  test('is made up anew each time', () => {
    expect(new Set(Array.from({ length: 5 }, () => planOf(drawn).evidence.seed)).size).toBeGreaterThan(1);
  });

  test.each([
    ['durations', { target: TARGET, phases: [phase('a', '1s'), phase('b', range('1s', '1s'))] }],
    ['a settling time', { target: { type: 'qemu', settle: '1s' } }],
  ])("is nobody else's business: none is made up for %s without a choice", (_, raw) => {
    expect(planOf(raw)).toMatchObject({ isSeedDrawn: false, evidence: {} });
    expect(planOf(raw).evidence).not.toHaveProperty('seed');
  });

  test('that is given stands, if it is 0 too', () => {
    expect(planOf({ ...drawn, seed: 0 })).toMatchObject({ isSeedDrawn: false, evidence: { seed: 0 } });
  });
});

describe('in a virtual machine', () => {
  test('a phase without a run idles, so that all of them are watched alike', () => {
    const phases = [phase('quiet', '1s'), phase('busy', '1s', { run: ['stress-ng', '--cpu', '1'] })];
    expect(planOf({ target: { type: 'qemu' }, phases }).phases).toMatchObject([
      { name: 'quiet', run: ['sleep', '2147483647'], isIdle: true, oneshot: false },
      { name: 'busy', run: ['stress-ng', '--cpu', '1'], isIdle: false },
    ]);
  });

  test('so does an episode without phases', () => {
    expect(planOf({ target: { type: 'qemu' } }).phases).toMatchObject([{ name: 'episode', isIdle: true }]);
  });
});
