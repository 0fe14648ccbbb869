import { describe, expect, test } from 'vitest';
import { failedActions, labelFigures, type RecordedLabel } from '../../../src/core/labels/label-figures.js';

const PLAN = [
  { name: 'a', label: 'benign' },
  { name: 'b', label: 'malicious' },
  { name: 'c', label: 'unknown' },
];
const END_NS = 10e9;

/** Rows in the order in which they were written; of phase a and benign if they don't say. */
function rowsOf(...changes: Partial<RecordedLabel>[]): RecordedLabel[] {
  return changes.map((change, seq) => ({
    seq,
    t_mono_ns: 0,
    phase: 'a',
    label: 'benign',
    source: 'schedule',
    uncertainty_ns: 0,
    confirmed: null,
    ...change,
  }));
}

const coverage = (...rows: Partial<RecordedLabel>[]) => labelFigures(rowsOf(...rows), PLAN, END_NS).coverage;
const stretch = (t_mono_ns: number, why: string): Partial<RecordedLabel> => ({
  t_mono_ns,
  label: 'unknown',
  source: 'action',
  why,
});
const b = (t_mono_ns: number): Partial<RecordedLabel> => ({ t_mono_ns, phase: 'b', label: 'malicious' });

describe('coverage is the share of the time under a label that stands as planned:', () => {
  test('all of it where phases pass as planned', () => {
    expect(coverage({}, b(5e9))).toBe(1);
  });

  test('less what was unknown because the action was awaited, failed or was slow to end', () => {
    const awaited = { label: 'unknown', why: 'the action has yet to start' };
    expect(coverage(awaited, { t_mono_ns: 1e9, source: 'action', confirmed: true })).toBe(0.9);
    expect(coverage({}, { ...stretch(6e9, 'it ended with exit code 1'), confirmed: false })).toBe(0.6);
    expect(coverage({}, stretch(5e9, 'the action took 0.5 s to end'), b(5.5e9))).toBe(0.95);
  });

  test('a phase that was planned as unknown counts, but not where its action failed', () => {
    const c = { t_mono_ns: 5e9, phase: 'c', label: 'unknown' };
    expect(coverage({}, c)).toBe(1);
    expect(coverage({}, c, { ...stretch(8e9, 'it ended early'), phase: 'c', confirmed: false })).toBe(0.8);
  });

  test('nor is a label covered that is not that of its phase', () => {
    expect(coverage({}, { ...b(5e9), label: 'benign' })).toBe(0.5);
    expect(coverage({}, { ...b(5e9), phase: 'z' })).toBe(0.5);
  });

  test('nothing before the first label, before the origin or behind the end', () => {
    expect(coverage({ t_mono_ns: 1e9 })).toBe(0.9);
    expect(coverage({ t_mono_ns: -5e9 }, stretch(0, 'it failed'))).toBe(0);
    expect(coverage({}, stretch(10e9, 'the action took 0.5 s to end'))).toBe(1);
    expect(coverage()).toBe(0);
    expect(labelFigures(rowsOf({}), PLAN, 0).coverage).toBe(0);
  });

  test('it is rounded down: almost all is not all', () => {
    expect(coverage({ t_mono_ns: 1 })).toBe(0.999999);
  });
});

test('a row that another revises does not count, and rows may be out of order', () => {
  expect(coverage({}, stretch(5e9, 'it failed'), { ...b(5e9), revises: 1 })).toBe(1);
  expect(coverage({}, b(8e9), stretch(6e9, 'it took 2 s to end'))).toBe(0.8);
});

test('corrections by hand change nothing, also those that revise', () => {
  const manual: Partial<RecordedLabel> = { source: 'manual', label: 'malicious', revises: 0, uncertainty_ns: 5e9 };
  expect(labelFigures(rowsOf({ uncertainty_ns: 3 }, manual), PLAN, END_NS)).toEqual({
    coverage: 1,
    max_uncertainty_ns: 3,
  });
  expect(failedActions(rowsOf({}, { ...manual, confirmed: false, why: 'somebody said so' }))).toEqual([]);
});

test('the uncertainty is the largest among the labels that hold before the end', () => {
  const rows = rowsOf({ uncertainty_ns: 5 }, { ...b(5e9), uncertainty_ns: 70n }, { ...b(11e9), uncertainty_ns: 900 });
  expect(labelFigures(rows, PLAN, END_NS).max_uncertainty_ns).toBe(70);
  expect(labelFigures(rows, PLAN, 4e9).max_uncertainty_ns).toBe(5);
});

test('integers may be exact', () => {
  const rows = rowsOf({ t_mono_ns: 0n }, { ...stretch(0, 'it failed'), t_mono_ns: 2_500_000_000n });
  expect(labelFigures(rows, PLAN, END_NS).coverage).toBe(0.25);
});

test('actions that failed are told with the reason that stands in their row', () => {
  const rows = rowsOf(
    {},
    { ...stretch(1e9, 'the action of phase "a" failed'), confirmed: false },
    { ...stretch(2e9, 'the action took 0.5 s to end') },
    { t_mono_ns: 3e9, label: 'unknown', source: 'action', confirmed: false },
  );
  expect(failedActions(rows)).toEqual(['the action of phase "a" failed', 'the action of phase "a" failed']);
});
