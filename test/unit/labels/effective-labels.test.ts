import { expect, test } from 'vitest';
import { effectiveLabels, type PlacedLabel } from '../../../src/core/labels/effective-labels.js';

const seqs = (rows: readonly PlacedLabel[]) => effectiveLabels(rows).map(({ seq }) => seq);

test('rows without a revision hold in the order of their time', () => {
  const rows = [
    { seq: 0, t_mono_ns: 0 },
    { seq: 1, t_mono_ns: 20 },
    { seq: 2, t_mono_ns: 10 },
  ];
  expect(seqs(rows)).toEqual([0, 2, 1]);
});

test('what is revised is dropped, and so is a revision that is revised', () => {
  const rows = [
    { seq: 0, t_mono_ns: 0 },
    { seq: 1, t_mono_ns: 10 },
    { seq: 2, t_mono_ns: 12, revises: 1 },
    { seq: 3, t_mono_ns: 11, revises: 2 },
  ];
  expect(seqs(rows)).toEqual([0, 3]);
});

test('of two rows at the same time the later one is behind', () => {
  const rows = [
    { seq: 3, t_mono_ns: 10 },
    { seq: 1, t_mono_ns: 10 },
    { seq: 2, t_mono_ns: 10 },
  ];
  expect(seqs(rows)).toEqual([1, 2, 3]);
});

test('integers that were read exactly count as those that were not', () => {
  const rows = [
    { seq: 0n, t_mono_ns: 0n },
    { seq: 1n, t_mono_ns: 20 },
    { seq: 2, t_mono_ns: 10n, revises: 0n },
  ];
  expect(seqs(rows)).toEqual([2, 1n]);
});

test('the rows that were handed in stay as they are', () => {
  const rows = [
    { seq: 0, t_mono_ns: 10 },
    { seq: 1, t_mono_ns: 0 },
  ];
  effectiveLabels(rows);
  expect(rows.map(({ seq }) => seq)).toEqual([0, 1]);
});
