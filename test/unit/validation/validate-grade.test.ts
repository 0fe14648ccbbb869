import { expect, test } from 'vitest';
import type { Meta } from '../../../src/core/episode/meta.js';
import type { RecordedLabel } from '../../../src/core/labels/label-figures.js';
import { EpisodeReport } from '../../../src/core/validation/report.js';
import { checkGrade } from '../../../src/core/validation/validate-grade.js';
import { figures } from '../support/figures.js';
import { gradedMeta } from '../support/graded.js';

const PLAN = [{ name: 'a', label: 'benign' }];
const row = (change: Partial<RecordedLabel> = {}): RecordedLabel => ({
  seq: 0,
  t_mono_ns: 0,
  phase: 'a',
  label: 'benign',
  source: 'schedule',
  uncertainty_ns: 7,
  confirmed: null,
  ...change,
});
const FAILED = row({
  seq: 1,
  t_mono_ns: 9.5e9,
  label: 'unknown',
  source: 'action',
  confirmed: false,
  why: 'it failed',
});

/** What is wrong with an episode of one phase, which says that it is `ok`. */
function problems(change: Partial<Meta> = {}, rows: readonly RecordedLabel[] = [row()]): string[] {
  const report = new EpisodeReport('/episode');
  const meta = {
    ...gradedMeta({ planned_phases: PLAN, labels: { coverage: 1, max_uncertainty_ns: 7 } }),
    grade: 'ok',
    ...change,
  } as Meta;
  checkGrade(meta, rows, report);
  return report.violations.map(({ message }) => message);
}

test('a grade that the figures allow is right, and so is a worse one', () => {
  expect(problems()).toEqual([]);
  expect(problems({ grade: 'degraded' })).toEqual([]);
  expect(problems({ grade: 'invalid', collectors: [figures({ rows_lost: 1 })] })).toEqual([]);
});

test('a better grade than the figures allow is told, with the first of the reasons', () => {
  expect(problems({ collectors: [figures({ longest_pause_ns: 2e9 })] })).toEqual([
    'grade is "ok"; the figures allow no better than "degraded": gpu took no sample for 2 s, from 0 ms on; up to 1 s is accepted',
  ]);
  expect(problems({ grade: 'degraded', collectors: [figures({ rows: 0 })] })).toEqual([
    'grade is "degraded"; the figures allow no better than "invalid": gpu has no rows',
  ]);
});

test('the episode is held to its own thresholds', () => {
  const { config } = gradedMeta() as { config: { grade: object } };
  const collectors = [figures({ longest_pause_ns: 2e9 })];
  expect(problems({ collectors, config: { grade: { ...config.grade, longest_gap_ns: 2e9 } } })).toEqual([]);
});

test('an action that failed can be told from the labels alone', () => {
  expect(problems({ labels: { coverage: 0.95, max_uncertainty_ns: 7 } }, [row(), FAILED])).toEqual([
    'grade is "ok"; the figures allow no better than "degraded": it failed',
  ]);
});

test('figures of the labels that labels.jsonl does not give are told', () => {
  expect(problems({ grade: 'degraded' }, [row(), { ...FAILED, uncertainty_ns: 9 }])).toEqual([
    'labels.coverage is 1; labels.jsonl makes it 0.95',
    'labels.max_uncertainty_ns is 7; labels.jsonl makes it 9',
  ]);
});

test('a correction by hand leaves the figures as they were recorded', () => {
  expect(problems({}, [row(), row({ seq: 1, source: 'manual', label: 'malicious', revises: 0 })])).toEqual([]);
});

test('an episode of before there were figures of the labels has none to be held against', () => {
  const { labels: _, ...former } = gradedMeta({ planned_phases: PLAN });
  const report = new EpisodeReport('/episode');
  checkGrade({ ...former, grade: 'degraded' } as Meta, [row(), FAILED], report);
  expect(report.isValid).toBe(true);
});
