import { describe, expect, test } from 'vitest';
import type { CollectorFigures } from '../../../src/core/episode/collector-figures.js';
import { collectorReasons } from '../../../src/core/grade/collector-reasons.js';
import type { GradeThresholds } from '../../../src/core/grade/thresholds.js';
import { figures, STREAM } from '../support/figures.js';
import { DEFAULTS } from '../support/graded.js';

function reasonsOf(change: Partial<CollectorFigures>, limits: Partial<GradeThresholds> = {}, intervalNs = 1e8) {
  const collector = { figures: figures({ source: 'x', ...change }), intervalNs };
  return collectorReasons(collector, { ...DEFAULTS, ...limits });
}

test('a collector that did well gives no reason', () => {
  expect(reasonsOf({})).toEqual([]);
});

describe('missed ticks: two, or 1 %', () => {
  test.each([
    [2, 3, true],
    [2, 10, true],
    [3, 10, false],
    [2, 200, true],
    [3, 299, false],
    [3, 300, true],
    [4, 300, false],
    [100, 10_000, true],
    [101, 10_000, false],
  ])('%d of %d', (ticks_missed, ticks_scheduled, isAccepted) => {
    expect(reasonsOf({ ticks_missed, ticks_scheduled })).toHaveLength(isAccepted ? 0 : 1);
  });

  test('both thresholds are the configuration’s', () => {
    const change = { ticks_missed: 5, ticks_scheduled: 100 };
    expect(reasonsOf(change, { missed_ticks: 5 })).toEqual([]);
    expect(reasonsOf(change, { missed_share: 0.05 })).toEqual([]);
    expect(reasonsOf(change, { missed_ticks: 4, missed_share: 0.04 })).toEqual([
      'x missed 5 of 100 ticks; up to 4 are accepted',
    ]);
  });
});

describe('late ticks: 5 % of those sampled, and as many as may be missed in any case', () => {
  test.each([
    [2, 10, true],
    [3, 10, false],
    [5, 100, true],
    [6, 100, false],
  ])('%d of %d', (ticks_late, ticks_run, isAccepted) => {
    expect(reasonsOf({ ticks_late, ticks_run })).toHaveLength(isAccepted ? 0 : 1);
  });

  test('the sentence has the figures, and the thresholds are the configuration’s', () => {
    const change = { ticks_late: 11, lateness_ns: { p50: 1, p99: 58e6, max: 61_000_123 } };
    const sentence = 'x was more than 50 ms (0.5 of its interval) late in 11 of 100 samples, the latest 61.001 ms';
    expect(reasonsOf(change)).toEqual([`${sentence}; up to 5 are accepted`]);
    expect(reasonsOf(change, { late_share: 0.1 })).toEqual([`${sentence}; up to 10 are accepted`]);
    expect(reasonsOf(change, { late_share: 0.11 })).toEqual([]);
    expect(reasonsOf(change, { missed_ticks: 11 })).toEqual([]);
  });

  test('a stream has none, nor has an episode of before they were counted', () => {
    expect(reasonsOf({ ...STREAM, ticks_late: null })).toEqual([]);
    const { ticks_late: _, ...former } = figures();
    expect(collectorReasons({ figures: former, intervalNs: 1e8 }, { ...DEFAULTS, late_share: 0 })).toEqual([]);
  });
});

describe('the longest time without a look at the source: 1 s, or 4 intervals', () => {
  test.each([
    [1e9, 1e8, true],
    [1_000_000_001, 1e8, false],
    [4e9, 1e9, true],
    [4_000_000_001, 1e9, false],
  ])('%d ns at an interval of %d ns', (longest_pause_ns, intervalNs, isAccepted) => {
    expect(reasonsOf({ longest_pause_ns }, {}, intervalNs)).toHaveLength(isAccepted ? 0 : 1);
  });

  test('it counts however few ticks of a long episode are missed', () => {
    const change = { ticks_scheduled: 36_000, ticks_missed: 30, longest_pause_ns: 3.1e9, longest_pause_from_ns: 17e9 };
    expect(reasonsOf(change)).toEqual(['x took no sample for 3.1 s, from 17 s on; up to 1 s is accepted']);
    expect(reasonsOf(change, { longest_gap_ns: 3.1e9 })).toEqual([]);
  });

  test('so does that of a stream whose thread was kept from its work', () => {
    const change = { ...STREAM, longest_pause_ns: 2_013_000_000, longest_pause_from_ns: 400e6 };
    expect(reasonsOf(change)).toEqual(['x took nothing in for 2.013 s, from 400 ms on; up to 1 s is accepted']);
  });

  test('a time without rows is no such time: there may have been nothing to tell', () => {
    expect(reasonsOf({ rows: 1, longest_gap_ns: 60e9 })).toEqual([]);
  });

  test('an absent collector has none, nor has an episode of before it was measured', () => {
    const absent = { state: 'absent', state_reason: 'no card', longest_pause_ns: null } as const;
    expect(reasonsOf(absent)).toEqual(['x was absent: no card']);
    const { longest_pause_ns: _, ...former } = figures();
    expect(collectorReasons({ figures: former, intervalNs: 1e8 }, { ...DEFAULTS, longest_gap_ns: 0 })).toEqual([]);
  });
});

describe('a stream that is not sparse has a row every 10 s, or 4 of its intervals', () => {
  test.each([
    [10e9, 1e8, true],
    [10_000_000_001, 1e8, false],
    [20e9, 5e9, true],
    [20_000_000_001, 5e9, false],
  ])('%d ns at an interval of %d ns', (longest_gap_ns, intervalNs, isAccepted) => {
    expect(reasonsOf({ ...STREAM, longest_gap_ns }, {}, intervalNs)).toHaveLength(isAccepted ? 0 : 1);
  });

  test('the threshold is the configuration’s', () => {
    const change = { ...STREAM, longest_gap_ns: 11e9 };
    expect(reasonsOf(change)).toEqual(['x had no row for 11 s; of a stream that is not sparse up to 10 s is accepted']);
    expect(reasonsOf(change, { stream_gap_ns: 11e9 })).toEqual([]);
  });

  test('a sparse one may be silent', () => {
    expect(reasonsOf({ ...STREAM, is_sparse: true, longest_gap_ns: 3600e9 })).toEqual([]);
  });
});

describe('counts of which none is accepted, unless the configuration says so:', () => {
  test.each<[keyof CollectorFigures, keyof GradeThresholds, string]>([
    ['rows_invalid', 'invalid_rows', 'x returned 3 invalid rows'],
    ['rows_lost', 'lost_rows', 'x lost 3 rows'],
    ['sample_errors', 'failed_samples', 'x failed in 3 samples'],
  ])('%s', (figure, threshold, sentence) => {
    expect(reasonsOf({ [figure]: 3 })).toEqual([`${sentence}; none is accepted`]);
    expect(reasonsOf({ [figure]: 3 }, { [threshold]: 1 })).toEqual([`${sentence}; up to 1 is accepted`]);
    expect(reasonsOf({ [figure]: 3 }, { [threshold]: 3 })).toEqual([]);
  });
});

describe('a collector that did not last is told with its reason:', () => {
  test.each<[Partial<CollectorFigures>, string]>([
    [{ state: 'absent', state_reason: 'no card' }, 'x was absent: no card'],
    [{ state: 'abandoned', state_reason: 'it did not stop' }, 'x was abandoned: it did not stop'],
    [{ state: 'failed', state_reason: 'sample: out of cards' }, 'x failed: sample: out of cards'],
    [{ state: 'failed' }, 'x failed'],
  ])('%j', (change, sentence) => {
    expect(reasonsOf(change)).toEqual([sentence]);
  });
});
