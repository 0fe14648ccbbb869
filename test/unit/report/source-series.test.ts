import { expect, test } from 'vitest';
import type { RecordedColumn, RecordedRow } from '../../../src/core/reading/recorded-episode.js';
import { PhaseSpans } from '../../../src/core/report/phase-spans.js';
import { SourceSeries, type SourceSeriesOptions } from '../../../src/core/report/source-series.js';

const column = (name: string, change: Partial<RecordedColumn> = {}): RecordedColumn => ({
  ...{ name, type: 'integer', nullable: true, kind: 'gauge', unit: '1', description: '', reset: null },
  ...{ mayDecrease: false, isKey: false, states: null, availableInDeployment: false, items: [] },
  ...change,
});

const COUNTER = column('reads', { kind: 'counter', reset: 'boot' });
const DELTAS = [column('span_ns', { kind: 'delta', unit: 'ns' }), column('calls', { kind: 'delta' })];

const interval = (fromNs: number, untilNs: number, phase: string, label = 'benign') => ({
  ...{ seq: 0, fromNs, untilNs, phase, label, source: 'schedule' as const },
  ...{ uncertaintyNs: 0, technique: null, confirmed: null },
});

interface Given {
  readonly columns: readonly RecordedColumn[];
  readonly rows: readonly Partial<RecordedRow>[];
  readonly ticks?: number | null;
  readonly intervals?: Parameters<typeof interval>[];
}

/** Rows at whole seconds, a second apart, unless they say otherwise. */
function series({ columns, rows, ticks = null, intervals = [] }: Given) {
  const source = {
    name: 'gpu',
    kind: 'polled',
    rowVersion: 1,
    availableInDeployment: false,
    intervalNs: 1e9,
    columns,
  } as const;
  const spans = new PhaseSpans(intervals.map((each) => interval(...each)));
  const options: SourceSeriesOptions = { source, rows: rows.length, endNs: 10e9, ticksScheduled: ticks, spans };
  const made = new SourceSeries(options);
  for (const [i, row] of rows.entries()) {
    const tick = row.tick ?? i;
    made.add({
      t_mono_ns: tick * 1e9,
      t_wall_ns: 0n,
      source: 'gpu',
      available_in_deployment: false,
      tick,
      epoch: 0,
      ...row,
    } as RecordedRow);
  }
  made.finish();
  return made;
}

/** The values of every line, by its label and column. */
function lines(made: SourceSeries) {
  const all = made.groups.flatMap(({ group, drawn }) =>
    drawn.tracks.flatMap((track) =>
      track.lines.map((line, i) => ({ name: `${track.label}${group.measures[i]!.column}`, line })),
    ),
  );
  const { values } = made.axis.points(all.map(({ line }) => line.series));
  return Object.fromEntries(all.map(({ name }, i) => [name, [...values[i]!]]));
}

const reads = (...values: (number | bigint | null)[]) => values.map((value) => ({ reads: value }));

test('a counter is drawn as what it rose by in a second, and has no rate before its second reading', () => {
  const rows = [{ reads: 10 }, { reads: 30 }, { reads: 30, t_mono_ns: 1.5e9 }];
  expect(lines(series({ columns: [COUNTER], rows }))).toEqual({ reads: [Number.NaN, 20, 0] });
});

test('a difference of 64-bit counters is exact', () => {
  expect(lines(series({ columns: [COUNTER], rows: reads(2n ** 64n - 3n, 2n ** 64n - 1n) })).reads).toEqual([
    Number.NaN,
    2,
  ]);
});

test('a counter that went back, or could not be read, breaks the line', () => {
  expect(lines(series({ columns: [COUNTER], rows: reads(5, 7, 1, 4, null, 9, 10) })).reads).toEqual([
    ...[Number.NaN, 2, Number.NaN, 3, Number.NaN, Number.NaN, 1],
  ]);
});

test('no rate crosses an epoch, and a level does', () => {
  const columns = [COUNTER, column('used')];
  const rows = reads(5, 7, 9).map((row, i) => ({ ...row, used: i, epoch: i < 2 ? 0 : 1 }));
  expect(lines(series({ columns, rows }))).toEqual({ reads: [Number.NaN, 2, Number.NaN], used: [0, 1, 2] });
});

test('no rate crosses ticks that were missed, which are gaps at the begin, within and at the end', () => {
  const rows = [
    { reads: 1, tick: 1 },
    { reads: 3, tick: 2 },
    { reads: 9, tick: 5 },
    { reads: 10, tick: 6 },
  ];
  const made = series({ columns: [COUNTER], rows, ticks: 9 });
  expect(lines(made).reads).toEqual([Number.NaN, 2, Number.NaN, Number.NaN, 1, Number.NaN]);
  expect(made.gaps).toEqual([
    { fromNs: 0, toNs: 1e9 },
    { fromNs: 2e9, toNs: 5e9 },
    { fromNs: 6e9, toNs: 10e9 },
  ]);
});

test('a delta is drawn over its own span, which is a level itself, and else over the time since the row before', () => {
  const rows = [
    { span_ns: 5e8, calls: 10 },
    { span_ns: 2e9, calls: 10 },
  ];
  expect(lines(series({ columns: DELTAS, rows }))).toEqual({ span_ns: [0.5, 2], calls: [20, 5] });
  const without = rows.map(({ calls }) => ({ calls }));
  expect(lines(series({ columns: [DELTAS[1]!], rows: without })).calls).toEqual([Number.NaN, 10]);
});

test('what is measured in time is a share of a second in each second', () => {
  const busy = column('busy_us', { kind: 'counter', reset: 'boot', unit: 'us' });
  const made = series({ columns: [busy], rows: [{ busy_us: 0 }, { busy_us: 250_000 }] });
  expect(lines(made).busy_us).toEqual([Number.NaN, 25]);
  expect(made.groups[0]!.group.measures[0]!.unit).toBe('%');
});

const CARDS = column('cards', {
  type: 'array',
  items: [
    column('card', { type: 'string', kind: 'info', isKey: true }),
    column('faults', { kind: 'counter', reset: 'device' }),
  ],
});

test('records are followed by their keys; one that was away begins anew', () => {
  const card = (name: string, faults: number) => ({ card: name, faults });
  const rows = [
    { cards: [card('a', 1), card('b', 5)] },
    { cards: [card('b', 6), card('a', 3)] },
    { cards: [card('b', 8)] },
    { cards: null },
    { cards: [card('a', 9), card('b', 9)] },
  ];
  expect(lines(series({ columns: [CARDS], rows }))).toEqual({
    afaults: [Number.NaN, 2, Number.NaN, Number.NaN, Number.NaN],
    bfaults: [Number.NaN, 1, 2, Number.NaN, Number.NaN],
  });
});

test('of many records those are drawn that do most, and the others are counted', () => {
  const rows = [0, 1].map((tick) => ({
    cards: Array.from({ length: 1_000 }, (_, i) => ({ card: `c${i}`, faults: tick * (i % 100 === 7 ? 1e6 : 1) })),
  }));
  const [group] = series({ columns: [CARDS], rows }).groups;
  const { tracks, leftOut } = group!.drawn;
  expect(tracks.slice(0, 4).map(({ label }) => label)).toEqual(['c7', 'c107', 'c207', 'c307']);
  expect(tracks.length + leftOut).toBe(1_000);
});

test('records that have ended make room for those that come, unless they did more', () => {
  const rows = Array.from({ length: 900 }, (_, tick) => ({
    tick,
    cards: [{ card: `c${tick >> 1}`, faults: (tick & 1) * (tick === 3 ? 1e6 : 1) }],
  }));
  const { tracks, leftOut } = series({ columns: [CARDS], rows }).groups[0]!.drawn;
  expect(tracks[0]!.label).toBe('c1');
  expect(tracks.length + leftOut).toBe(450);
});

test('rows of one tick that have a key are lines of their own', () => {
  const columns = [column('pid', { kind: 'info', isKey: true }), column('used')];
  const rows = [0, 0, 1, 1].map((tick, i) => ({ tick, pid: i % 2, used: i }));
  const made = series({ columns, rows });
  expect(lines(made)).toEqual({ 'pid 0used': [0, 2], 'pid 1used': [1, 3] });
  expect(made.gapCount).toBe(0);
});

test('a mean of a phase is of what lies wholly in it, rates weighed by their time', () => {
  const rows = reads(0, 10, 20, 120, 220).map((row, i) => ({ ...row, t_mono_ns: [0, 1e9, 2e9, 4e9, 5e9][i]! }));
  const intervals: Given['intervals'] = [
    [0, 1.5e9, 'a'],
    [1.5e9, 9e9, 'b', 'malicious'],
  ];
  const line = series({ columns: [COUNTER], rows, intervals }).groups[0]!.drawn.tracks[0]!.lines[0]!;
  expect([line.meanIn(0), line.meanIn(1), line.meanIn(2)]).toEqual([10, 200 / 3, null]);
  expect([line.min, line.max, line.mean]).toEqual([10, 100, 44]);
});
