import { describe, expect, test } from 'vitest';
import type { CollectorFigures } from '../../../src/core/episode/collector-figures.js';
import { type GradeInput, gradeEpisode } from '../../../src/core/episode/grade.js';
import { figures, STREAM } from '../support/figures.js';

const FLAWLESS: GradeInput = {
  hasFailed: false,
  collectors: [figures()],
  failedActions: [],
  unreachedPhases: [],
  delays: [],
  leftovers: [],
};

const grade = (change: Partial<GradeInput>) => gradeEpisode({ ...FLAWLESS, ...change });
const gradeOf = (change: Partial<CollectorFigures>) =>
  grade({ collectors: [figures(), figures({ source: 'x', ...change })] });

test('without a flaw it is ok, and there is nothing to say', () => {
  expect(gradeEpisode(FLAWLESS)).toEqual({ grade: 'ok', reasons: [] });
});

describe('missed ticks degrade it beyond two, or 1 %', () => {
  test.each([
    [2, 10, 'ok'],
    [3, 10, 'degraded'],
    [2, 3, 'ok'],
    [2, 200, 'ok'],
    [3, 299, 'degraded'],
    [3, 300, 'ok'],
    [4, 300, 'degraded'],
    [100, 10_000, 'ok'],
    [101, 10_000, 'degraded'],
  ])('%d of %d: %s', (missed, scheduled, expected) => {
    expect(gradeOf({ ticks_missed: missed, ticks_scheduled: scheduled }).grade).toBe(expected);
  });
});

describe('each of these degrades it, with a sentence that names the collector:', () => {
  test.each<[string, Partial<CollectorFigures>, string]>([
    ['an absence', { state: 'absent', state_reason: 'no card', rows: 0 }, 'x was absent: no card'],
    [
      'an abandonment',
      { state: 'abandoned', state_reason: 'it showed no sign of life' },
      'x was abandoned: it showed no sign of life',
    ],
    ['a failure', { state: 'failed', state_reason: 'sample: out of cards' }, 'x failed: sample: out of cards'],
    ['a failure without words', { state: 'failed' }, 'x failed'],
    ['invalid rows', { rows_invalid: 1 }, 'x returned 1 invalid rows'],
    ['lost rows', { ...STREAM, rows_lost: 1 }, 'x lost 1 rows'],
    ['samples that threw', { sample_errors: 1 }, 'x failed in 1 samples'],
    ['missed ticks', { ticks_missed: 5 }, 'x missed 5 of 100 ticks'],
  ])('%s', (_, change, reason) => {
    expect(gradeOf(change)).toEqual({ grade: 'degraded', reasons: [reason] });
  });
});

describe('each of these degrades it:', () => {
  test.each<[string, Partial<GradeInput>, string]>([
    ['an action that failed', { failedActions: ['phase a: run ended early'] }, 'phase a: run ended early'],
    ['phases that were not reached', { unreachedPhases: ['b', 'c'] }, 'phases never reached: b, c'],
    ['what could not be ended', { leftovers: ['a process is left'] }, 'a process is left'],
  ])('%s', (_, change, reason) => {
    expect(grade(change)).toEqual({ grade: 'degraded', reasons: [reason] });
  });
});

describe('each of these makes it invalid:', () => {
  test('a recording that failed', () => {
    expect(grade({ hasFailed: true }).grade).toBe('invalid');
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
});

test('a sparse stream that was alive may have had nothing to say', () => {
  expect(gradeOf({ ...STREAM, is_sparse: true, rows: 0 }).grade).toBe('ok');
});

test('what makes it invalid is told first, and nothing is left out', () => {
  const collectors = [figures({ rows_invalid: 100, rows: 0 })];
  const { grade: verdict, reasons } = grade({ hasFailed: true, collectors, unreachedPhases: ['b'] });
  expect(verdict).toBe('invalid');
  expect(reasons).toEqual([
    'the recording failed before its end',
    'gpu has no rows',
    'gpu returned 100 invalid rows',
    'phases never reached: b',
  ]);
});
