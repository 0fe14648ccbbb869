import { describe, expect, test } from 'vitest';
import { type GradedRecording, recordingReasons } from '../../../src/core/grade/recording-reasons.js';
import type { GradeThresholds } from '../../../src/core/grade/thresholds.js';
import { DEFAULTS, gradedMeta, reading } from '../support/graded.js';

const reasonsOf = (change: Partial<GradedRecording>, limits: Partial<GradeThresholds> = {}) =>
  recordingReasons(gradedMeta(change), { ...DEFAULTS, ...limits });

test('a recording that went as planned gives no reason', () => {
  expect(reasonsOf({})).toEqual([]);
});

test('phases that were never reached are named', () => {
  const planned_phases = ['a', 'b', 'c', 'd'].map((name) => ({ name }));
  expect(reasonsOf({ planned_phases })).toEqual(['phases never reached: c, d']);
});

describe('a phase may begin 100 ms late, or a tenth of its length', () => {
  const late = (lateNs: bigint, lengthNs: number) => {
    const [first, second] = gradedMeta().phases;
    const phase = { ...second!, start_ns: 5_000_000_000n + lateNs, planned_end_ns: 5e9 + lengthNs };
    return { phases: [first!, phase] };
  };

  test.each([
    [100_000_000n, 1e8, true],
    [100_000_001n, 1e8, false],
    [500_000_000n, 5e9, true],
    [500_000_001n, 5e9, false],
  ])('%d ns of %d ns', (lateNs, lengthNs, isAccepted) => {
    expect(reasonsOf(late(lateNs, lengthNs))).toHaveLength(isAccepted ? 0 : 1);
  });

  test('both thresholds are the configuration’s', () => {
    expect(reasonsOf(late(700_000_000n, 5e9))).toEqual([
      'phase "b" began 700 ms after its plan; up to 500 ms is accepted',
    ]);
    expect(reasonsOf(late(700_000_000n, 5e9), { phase_delay_ns: 700e6 })).toEqual([]);
    expect(reasonsOf(late(700_000_000n, 5e9), { phase_delay_share: 0.14 })).toEqual([]);
  });
});

describe('labels have to stand as planned for 0.9 of the time', () => {
  test.each([
    [0.9, 0],
    [0.899999, 1],
  ])('%d', (coverage, count) => {
    expect(reasonsOf({ labels: { coverage, max_uncertainty_ns: 0 } })).toHaveLength(count);
  });

  test('the threshold is the configuration’s', () => {
    const labels = { coverage: 0.95, max_uncertainty_ns: 0 };
    expect(reasonsOf({ labels }, { label_coverage: 0.96 })).toEqual([
      'labels stand as planned for 0.95 of the time; at least 0.96 is asked for',
    ]);
  });
});

describe('the time of a label may be uncertain by 1 s', () => {
  test.each([
    [1e9, 0],
    [1_000_000_001, 1],
  ])('%d ns', (max_uncertainty_ns, count) => {
    expect(reasonsOf({ labels: { coverage: 1, max_uncertainty_ns } })).toHaveLength(count);
  });

  test('the threshold is the configuration’s', () => {
    const labels = { coverage: 1, max_uncertainty_ns: 250e6 };
    expect(reasonsOf({ labels }, { label_uncertainty_ns: 249e6 })).toEqual([
      'a label is uncertain by 250 ms; up to 249 ms is accepted',
    ]);
  });
});

describe('the wall clock may go away by 1 s', () => {
  const drifted = (drift_ns: bigint, realtime_error_ns = 0) => {
    const { clocks } = gradedMeta();
    return { clocks: { ...clocks, drift_ns, end: reading(10_200_000_000n, { realtime_error_ns }) } };
  };

  test.each([
    [1_000_000_000n, 0, true],
    [-1_000_000_000n, 0, true],
    [1_000_000_001n, 0, false],
    [-1_000_000_001n, 0, false],
    [999_999_000n, 1_000, true],
    [999_999_000n, 1_001, false],
  ])('by %d ns, read with an error of up to %d ns', (driftNs, errorNs, isAccepted) => {
    expect(reasonsOf(drifted(driftNs, errorNs))).toHaveLength(isAccepted ? 0 : 1);
  });

  test('the threshold is the configuration’s', () => {
    expect(reasonsOf(drifted(-60_000_000_000n))).toEqual([
      'the wall clock went 60 s away from its anchor; up to 1 s is accepted',
    ]);
    expect(reasonsOf(drifted(-60_000_000_000n), { clock_drift_ns: 60e9 })).toEqual([]);
  });
});

describe('the machine may be suspended for as long', () => {
  const suspended = (ns: bigint, change: { readonly drift?: bigint; readonly boottime_error_ns?: number } = {}) => {
    const { clocks } = gradedMeta();
    const { drift = ns, boottime_error_ns = 0 } = change;
    const end = reading(10_200_000_000n, { boottime_ns: 19_200_000_000n + ns, boottime_error_ns });
    return { clocks: { ...clocks, drift_ns: drift, end } };
  };

  test.each([
    [1_000_000_000n, 0, 0],
    [1_000_000_001n, 0, 1],
    [980_000_000n, 20_000_000, 0],
    [980_000_000n, 20_000_001, 1],
  ])('for %d ns, read with an error of up to %d ns', (ns, boottime_error_ns, count) => {
    expect(reasonsOf(suspended(ns, { boottime_error_ns }))).toHaveLength(count);
  });

  test('the wall clock that went on meanwhile is no second reason', () => {
    expect(reasonsOf(suspended(12_000_000_000n))).toEqual([
      'the machine was suspended for 12 s; up to 1 s is accepted',
    ]);
  });

  test('one that was also stepped is', () => {
    expect(reasonsOf(suspended(12_000_000_000n, { drift: 15_000_000_000n }))).toEqual([
      'the machine was suspended for 12 s; up to 1 s is accepted',
      'the wall clock went 3 s away from its anchor; up to 1 s is accepted',
    ]);
  });

  test('where CLOCK_BOOTTIME can’t be read, the wall clock tells of it', () => {
    const { clocks } = gradedMeta();
    const [start, end] = [clocks.start, clocks.end!].map((one) => ({
      ...one,
      boottime_ns: null,
      boottime_error_ns: null,
    }));
    expect(reasonsOf({ clocks: { ...clocks, start: start!, end: end!, drift_ns: 12_000_000_000n } })).toEqual([
      'the wall clock went 12 s away from its anchor; up to 1 s is accepted',
    ]);
  });
});

describe('the recorder may take 0.5 of a CPU', () => {
  const took = (cpu_share: number | null, end_ns = 10_000_000_000n) => ({
    recorder: { ...gradedMeta().recorder, cpu_share },
    end_ns,
  });

  test.each([
    [0.5, 10_000_000_000n, true],
    [0.5001, 10_000_000_000n, false],
    [0.5001, 1_000_000_000n, false],
    [0.8, 500_000_000n, true],
    [1.01, 500_000_000n, false],
    [null, 10_000_000_000n, true],
  ])('%d in an episode of %d ns', (share, endNs, isAccepted) => {
    expect(reasonsOf(took(share, endNs))).toHaveLength(isAccepted ? 0 : 1);
  });

  test('the threshold is the configuration’s', () => {
    expect(reasonsOf(took(0.0231), { recorder_cpu_share: 0.02 })).toEqual([
      'the recorder took 0.024 of a CPU; up to 0.02 is accepted',
    ]);
  });
});

test('what an older episode has no figures of gives no reason', () => {
  const { labels: _, ...meta } = gradedMeta();
  const { cpu_share: __, ...recorder } = meta.recorder;
  expect(recordingReasons({ ...meta, recorder }, { ...DEFAULTS, label_coverage: 1, recorder_cpu_share: 0 })).toEqual(
    [],
  );
});
