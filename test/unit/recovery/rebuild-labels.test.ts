import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rebuildLabels } from '../../../src/core/recovery/rebuild-labels.js';
import { SchemaRegistry } from '../../../src/core/schemas/schema-registry.js';
import { EpisodeReport } from '../../../src/core/validation/report.js';
import { RowTimes } from '../../../src/core/validation/row-times.js';
import { labelsCheck } from '../../../src/core/validation/validate-labels.js';

const ORIGIN = 1_795_458_771_999_999_999n;
const S = 1_000_000_000;
const validate = new SchemaRegistry().document('label');
const planned = ['a', 'b', 'c'].map((name, i) => ({
  name,
  label: i === 1 ? 'malicious' : 'benign',
  startNs: i * S,
  endNs: (i + 1) * S,
}));
const line = (seq: number, at: number, phase: string, label: string) =>
  `{"seq":${seq},"t_mono_ns":${at},"t_wall_ns":${ORIGIN + BigInt(at)},"phase":"${phase}","label":"${label}","source":"schedule","uncertainty_ns":0,"confirmed":null}\n`;
const LINES = [line(0, 0, 'a', 'benign'), line(1, S + 5, 'b', 'malicious'), line(2, 2 * S + 5, 'c', 'benign')];

const rebuild = (text: string | null, endNs: number, phaseStarts = new Map<string, number>()) =>
  rebuildLabels({ text, planned, phaseStarts, originRealtimeNs: ORIGIN, endNs, validate });

/** What "validate" has to say of the rows, with these phases. */
function violations({ text, phases }: ReturnType<typeof rebuild>): unknown[] {
  const report = new EpisodeReport('x');
  const known = new Set(['benign', 'malicious', 'unknown', 'unlabelled']);
  const names = phases.map(({ name }) => name);
  const check = labelsCheck('labels.jsonl', validate, new RowTimes(ORIGIN), known, names, report);
  for (const [i, row] of text.split('\n').slice(0, -1).entries()) check.line(row, i + 1);
  check.finish();
  return report.violations;
}

const rows = ({ text }: { text: string }) =>
  text
    .split('\n')
    .slice(0, -1)
    .map((row) => JSON.parse(row));

test('labels that are whole stay as they are, and their phases are closed at the end', () => {
  const rebuilt = rebuild(LINES.join(''), 2.5 * S);
  expect(rebuilt).toMatchObject({ text: LINES.join(''), damagedLines: 0, tornBytes: 0 });
  expect(rebuilt.phases.map(({ start_ns, end_ns }) => [Number(start_ns), Number(end_ns)])).toEqual([
    [0, S + 5],
    [S + 5, 2 * S + 5],
    [2 * S + 5, 2.5 * S],
  ]);
});

test.each([
  ['no file', null],
  ['an empty file', ''],
  ['nothing whole', '{"seq":0,'],
])('%s: all is unknown', (_what, text) => {
  const rebuilt = rebuild(text, S / 2);
  expect(rows(rebuilt)).toMatchObject([{ seq: 0, t_mono_ns: 0, label: 'unknown', phase: 'a' }]);
  expect(violations(rebuilt)).toEqual([]);
});

test('a line that is gone without a trace shows by the seq behind it', () => {
  const rebuilt = rebuild(LINES[0]! + LINES[2]!, 2.5 * S);
  expect(rows(rebuilt).map(({ seq, label, t_mono_ns }) => [seq, label, t_mono_ns])).toEqual([
    [0, 'benign', 0],
    [1, 'unknown', 0],
    [2, 'benign', 2 * S + 5],
  ]);
});

test('a seq that the row behind it does not bear out costs its own row', () => {
  const rebuilt = rebuild([LINES[0], line(901, S + 5, 'b', 'malicious'), LINES[2]].join(''), 2.5 * S);
  expect(rebuilt.damagedLines).toBe(1);
  expect(rows(rebuilt).map(({ seq, label }) => [seq, label])).toEqual([
    [0, 'benign'],
    [1, 'unknown'],
    [2, 'benign'],
  ]);
});

test('however many rows say that a thousand are gone in front of them, a thousand stand in for them', () => {
  const leaps = Array.from({ length: 150 }, (_, i) => line((i + 1) * 1001, S + 5 + i, 'b', 'malicious'));
  const rebuilt = rebuild([LINES[0], ...leaps].join(''), 2.5 * S);
  expect(violations(rebuilt)).toEqual([]);
  expect(rows(rebuilt).length).toBeLessThan(1_100);
  expect(rebuilt.damagedLines).toBeGreaterThan(100);
});

test('damaged lines at the end leave the rest unknown from the last label on', () => {
  const rebuilt = rebuild(`${LINES[0]}garbage\n`, 2.5 * S);
  expect(rows(rebuilt).at(1)).toMatchObject({ label: 'unknown', t_mono_ns: 0 });
  expect(rebuilt).toMatchObject({ damagedLines: 1, damagedBytes: 8 });
});

test('an episode that ended within its last labelled phase needs no more labels', () => {
  expect(rebuild(LINES[0]!, S).text).toBe(LINES[0]);
  expect(rows(rebuild(LINES[0]!, S + 1))[1]).toMatchObject({ label: 'unknown', phase: 'a', t_mono_ns: S });
});

test('whatever is done to the lines, what comes out is valid, and comes out again', () => {
  const harm = fc.record({
    order: fc.array(fc.constantFrom(...LINES, 'x\n', '{"seq":1}\n', '\0\0\n', line(7, S, 'b', 'malicious')), {
      maxLength: 6,
    }),
    tail: fc.constantFrom('', '{"seq":', LINES[1]!.slice(0, -1)),
    endNs: fc.integer({ min: 0, max: 4 * S }),
    begun: fc.option(fc.integer({ min: 0, max: 4 * S }), { nil: undefined }),
  });
  fc.assert(
    fc.property(harm, ({ order, tail, endNs, begun }) => {
      const starts = new Map(begun === undefined ? [] : [['b', begun]]);
      const rebuilt = rebuild(order.join('') + tail, endNs, starts);
      expect(violations(rebuilt)).toEqual([]);
      const again = rebuild(rebuilt.text, endNs, starts);
      expect(again).toEqual({ ...rebuilt, tornBytes: 0, damagedLines: 0, damagedBytes: 0 });
    }),
    { numRuns: 500 },
  );
});
