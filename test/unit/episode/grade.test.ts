import { describe, expect, test } from 'vitest';
import type { CollectorFigures } from '../../../src/core/episode/collector-figures.js';
import { type GradeInput, gradeEpisode } from '../../../src/core/episode/grade.js';
import { figures, STREAM } from '../support/figures.js';
import { DEFAULTS, gradedMeta } from '../support/graded.js';

const grade = (change: Partial<GradeInput['meta']>, more: Partial<GradeInput> = {}) =>
  gradeEpisode({ meta: gradedMeta(change), failedActions: [], ...more });
const gradeOf = (change: Partial<CollectorFigures>) =>
  grade({ collectors: [figures(), figures({ source: 'x', ...change })] });

const FAILED = 'the action of phase "a" failed: it ended with exit code 1';

test('without a flaw it is ok, and there is nothing to say', () => {
  expect(grade({})).toEqual({ grade: 'ok', reasons: [] });
});

describe('each of these degrades it, with a sentence:', () => {
  test.each<[string, Partial<GradeInput['meta']>, Partial<GradeInput>, string]>([
    [
      'a collector beyond a threshold',
      { collectors: [figures({ rows_invalid: 1 })] },
      {},
      'gpu returned 1 invalid rows; none is accepted',
    ],
    [
      'labels beyond a threshold',
      { labels: { coverage: 0.5, max_uncertainty_ns: 0 } },
      {},
      'labels stand as planned for 0.5 of the time; at least 0.9 is asked for',
    ],
    ['an action that failed', {}, { failedActions: [FAILED] }, FAILED],
    ['what no figure tells', {}, { told: ['a process is left'] }, 'a process is left'],
  ])('%s', (_, change, more, reason) => {
    expect(grade(change, more)).toEqual({ grade: 'degraded', reasons: [reason] });
  });
});

describe('it is held to the thresholds that its own meta.json has', () => {
  const collectors = [figures({ ticks_missed: 3, longest_pause_ns: 2e9, ticks_late: 90 })];

  test('those of the configuration', () => {
    const config = { ...(gradedMeta().config as object) };
    expect(grade({ collectors, config }).reasons).toHaveLength(3);
    const lenient = { missed_ticks: 3, late_share: 0.9, longest_gap_ns: 2e9 };
    expect(grade({ collectors, config: { grade: { ...DEFAULTS, ...lenient } } }).reasons).toEqual([]);
  });

  test('those of before there were any in a configuration', () => {
    expect(grade({ collectors, config: {} }).reasons).toEqual(['gpu missed 3 of 100 ticks; up to 2 are accepted']);
  });
});

test('the interval of a stream is that of the configuration', () => {
  const collectors = [figures({ ...STREAM, longest_gap_ns: 20e9 })];
  const config = (interval_ns: number) => ({
    ...(gradedMeta().config as object),
    collectors: { gpu: { interval_ns } },
  });
  expect(grade({ collectors, config: config(5e9) }).grade).toBe('ok');
  expect(grade({ collectors, config: config(4e9) }).grade).toBe('degraded');
});

describe('each of these makes it invalid:', () => {
  test('a recording that failed, for which the reason is told if it is known', () => {
    expect(grade({ status: 'failed' })).toEqual({ grade: 'invalid', reasons: ['the recording failed before its end'] });
    expect(grade({ status: 'failed' }, { failure: 'no space' }).reasons).toEqual([
      'the recording failed before its end: no space',
    ]);
  });

  test.each<[string, Partial<CollectorFigures>]>([
    ['a collector without rows', { rows: 0 }],
    ['a stream without rows', { ...STREAM, rows: 0 }],
    ['an abandoned collector without rows', { state: 'abandoned', rows: 0 }],
    [
      'a sparse stream without rows that failed, or never said that it was alive',
      { ...STREAM, is_sparse: true, state: 'failed', rows: 0 },
    ],
  ])('%s', (_, change) => {
    const { grade, reasons } = gradeOf(change);
    expect(grade).toBe('invalid');
    expect(reasons).toContain('x has no rows');
  });

  test('collectors of which every one was absent', () => {
    const absent = figures({ state: 'absent', state_reason: 'no card', rows: 0 });
    expect(grade({ collectors: [absent] })).toEqual({
      grade: 'invalid',
      reasons: ['every collector was absent', 'gpu was absent: no card'],
    });
  });
});

test('one absence among several collectors degrades it', () => {
  expect(gradeOf({ state: 'absent', state_reason: 'no card', rows: 0 }).grade).toBe('degraded');
});

test('a sparse stream that was alive may have had nothing to say', () => {
  expect(gradeOf({ ...STREAM, is_sparse: true, rows: 0 }).grade).toBe('ok');
});

test('what makes it invalid is told first, and nothing is left out', () => {
  const collectors = [figures({ rows_invalid: 100, rows: 0 })];
  const planned_phases = ['a', 'b', 'c'].map((name) => ({ name }));
  const { grade: verdict, reasons } = grade(
    { status: 'failed', collectors, planned_phases },
    { failedActions: [FAILED], told: ['a process is left'] },
  );
  expect(verdict).toBe('invalid');
  expect(reasons).toEqual([
    'the recording failed before its end',
    'gpu has no rows',
    'gpu returned 100 invalid rows; none is accepted',
    FAILED,
    'phases never reached: c',
    'a process is left',
  ]);
});
