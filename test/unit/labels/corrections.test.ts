import { expect, test } from 'vitest';
import { type CorrectionRequest, corrections, type StoredLabel } from '../../../src/core/labels/corrections.js';
import { effectiveLabels } from '../../../src/core/labels/effective-labels.js';

const label = (seq: number, at: number, name: string, more: Partial<StoredLabel> = {}): StoredLabel => ({
  seq,
  t_mono_ns: at,
  phase: `p${seq}`,
  label: name,
  uncertainty_ns: 7,
  ...more,
});
const ROWS = [label(0, 0, 'benign'), label(1, 100, 'malicious', { technique: 'T1496' }), label(2, 200, 'benign')];
const END = 300;

function correct(what: CorrectionRequest['what'], more: Partial<CorrectionRequest> = {}, rows = ROWS) {
  const request = { what, label: 'unknown', technique: null, uncertaintyNs: 5, by: 'ann', why: 'because', ...more };
  return corrections(rows, request, END);
}

/** What holds when, after a correction. */
function timeline(added: ReturnType<typeof correct>, rows = ROWS) {
  const all = [...rows, ...added.map((row, i) => ({ ...row, seq: rows.length + i }))];
  return effectiveLabels(all).map(({ t_mono_ns, label: name }) => [t_mono_ns, name]);
}

test('a row that was wrong is replaced from its own time on', () => {
  const added = correct({ revises: 1 }, { uncertaintyNs: null });
  expect(added).toEqual([
    {
      t_mono_ns: 100,
      phase: 'p1',
      label: 'unknown',
      source: 'manual',
      uncertainty_ns: 7,
      confirmed: null,
      revises: 1,
      by: 'ann',
      why: 'because',
    },
  ]);
  expect(timeline(added)).toEqual([
    [0, 'benign'],
    [100, 'unknown'],
    [200, 'benign'],
  ]);
});

test.each([
  [
    'within one label',
    20,
    50,
    [
      [0, 'benign'],
      [20, 'unknown'],
      [50, 'benign'],
      [100, 'malicious'],
      [200, 'benign'],
    ],
  ],
  [
    'over several',
    50,
    250,
    [
      [0, 'benign'],
      [50, 'unknown'],
      [100, 'unknown'],
      [200, 'unknown'],
      [250, 'benign'],
    ],
  ],
  [
    'from boundary to boundary',
    100,
    200,
    [
      [0, 'benign'],
      [100, 'unknown'],
      [200, 'benign'],
    ],
  ],
  [
    'to the next label',
    150,
    null,
    [
      [0, 'benign'],
      [100, 'malicious'],
      [150, 'unknown'],
      [200, 'benign'],
    ],
  ],
  [
    'to the end',
    150,
    300,
    [
      [0, 'benign'],
      [100, 'malicious'],
      [150, 'unknown'],
      [200, 'unknown'],
    ],
  ],
  [
    'from the origin',
    0,
    100,
    [
      [0, 'unknown'],
      [100, 'malicious'],
      [200, 'benign'],
    ],
  ],
])('a stretch %s', (_where, fromNs, untilNs, expected) => {
  expect(timeline(correct({ fromNs, untilNs }))).toEqual(expected);
});

test('behind a stretch the technique holds again too', () => {
  expect(correct({ fromNs: 120, untilNs: 150 }).at(-1)).toMatchObject({
    label: 'malicious',
    technique: 'T1496',
    phase: 'p1',
  });
});

test('a correction is corrected again', () => {
  const rows = [...ROWS, label(3, 100, 'benign', { revises: 1 })];
  expect(timeline(correct({ fromNs: 100, untilNs: 200 }, {}, rows), rows)).toEqual([
    [0, 'benign'],
    [100, 'unknown'],
    [200, 'benign'],
  ]);
});

test.each([
  ['a row that is not there', { revises: 3 }, {}, 'there is no label with seq 3; there are 0 to 2'],
  ['a stretch behind the end', { fromNs: 300, untilNs: null }, {}, 'no stretch of an episode'],
  ['a stretch that ends before it begins', { fromNs: 50, untilNs: 50 }, {}, 'no stretch of an episode'],
  ['a stretch of unstated certainty', { fromNs: 50, untilNs: null }, { uncertaintyNs: null }, '--uncertainty'],
])('%s is refused', (_what, what, more, words) => {
  expect(() => correct(what, more)).toThrow(words);
});

test('a row that was revised already is named with the one that did', () => {
  const rows = [...ROWS, label(3, 100, 'benign', { revises: 1 })];
  expect(() => correct({ revises: 1 }, {}, rows)).toThrow('label 1 was revised already, by 3');
});
