import { join } from 'node:path';
import { expect, test } from 'vitest';
import { counterSince, type Fields, level } from '../../../src/index.js';
import { buildDataset } from '../../support/built-dataset.js';
import { type MadeEpisode, makeEpisode } from '../../support/made-episode.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const FIELDS = {
  calls: counterSince('boot')('{call}', 'Calls.'),
  cpu_jiffies: counterSince('boot')('{jiffy}', 'CPU time.'),
  busy_us: counterSince('boot')('us', 'Time.'),
  used_bytes: level('By', 'Memory.'),
} as const satisfies Fields;

/** A row each 100 ms: 5 calls, 2 jiffies and 10 ms busy in each interval. */
const steady = (ticks: number, change: (k: number) => object = () => ({})) =>
  Array.from({ length: ticks }, (_, k) => ({
    calls: 5 * k,
    cpu_jiffies: 2 * k,
    busy_us: 10_000 * k,
    used_bytes: 1000 + k,
    ...change(k),
  }));

async function aligned(made: Partial<MadeEpisode>, options: Parameters<typeof buildDataset>[2] = {}) {
  const output = temporaryFolder();
  makeEpisode({
    output,
    sources: { probe: { fields: FIELDS, rows: steady(50) } },
    labels: [{ atMs: 0, label: 'benign' }],
    durationMs: 5000,
    ...made,
  });
  const built = await buildDataset([output], join(temporaryFolder(), 'set'), options);
  return { built, rows: await built.rows('deployable/aligned') };
}

const column = (rows: readonly Readonly<Record<string, unknown>>[], name: string) => rows.map((row) => row[name]);

test('counters are rates, jiffies shares of all cpus, times shares, gauges their last reading', async () => {
  const { rows, built } = await aligned({ cpus: 4 });
  expect(column(rows, 'step')).toEqual([1n, 2n, 3n, 4n, 5n]);
  for (const rate of column(rows, 'probe__calls__rate')) expect(rate).toBeCloseTo(50);
  for (const share of column(rows, 'probe__cpu_jiffies__rate')) expect(share).toBeCloseTo(20 / (4 * 100));
  for (const share of column(rows, 'probe__busy_us__rate')) expect(share).toBeCloseTo(0.1);
  // tick 10 stands at 1.0 s, and belongs to the cell that ends there
  expect(column(rows, 'probe__used_bytes__level')).toEqual([1010, 1020, 1030, 1040, 1049]);
  expect(column(rows, 'probe__age_ns')).toEqual([0n, 0n, 0n, 0n, 100_000_000n]);
  expect(column(rows, 'lookback_ns')).toEqual([
    1_000_000_000n,
    1_000_000_000n,
    1_000_000_000n,
    1_000_000_000n,
    1_000_000_000n,
  ]);
  expect(column(rows, 't_wall_ns')[0]).toBe(1_795_864_175_392_237_840n);
  expect(built.features().features.map(({ name, unit }) => [name, unit])).toEqual([
    ['probe__calls__rate', '{call}/s'],
    ['probe__cpu_jiffies__rate', '1'],
    ['probe__busy_us__rate', '1'],
    ['probe__used_bytes__level', 'By'],
  ]);
});

test('a counter that starts anew has no rate in that cell, and the others have theirs', async () => {
  const { rows } = await aligned({
    sources: { probe: { fields: FIELDS, rows: steady(50, (k) => (k < 23 ? {} : { calls: 5 * (k - 23) })) } },
  });
  const rates = column(rows, 'probe__calls__rate');
  expect(rates[2]).toBeNull();
  for (const i of [0, 1, 3, 4]) expect(rates[i]).toBeCloseTo(50);
  for (const share of column(rows, 'probe__busy_us__rate')) expect(share).toBeCloseTo(0.1);
});

test('a reset that is hidden by the sum of a cell is one all the same', async () => {
  const { rows } = await aligned({
    sources: { probe: { fields: FIELDS, rows: steady(50, (k) => (k < 15 ? {} : { calls: 70 + 100 * (k - 15) })) } },
  });
  // 70 at tick 14 and 70 at tick 15: it stood still there; at tick 15 of this one it went back by one
  expect(column(rows, 'probe__calls__rate').every((rate) => rate !== null)).toBe(true);
  const { rows: reset } = await aligned({
    sources: { probe: { fields: FIELDS, rows: steady(50, (k) => (k < 15 ? {} : { calls: 69 + 100 * (k - 15) })) } },
  });
  expect(column(reset, 'probe__calls__rate')[1]).toBeNull();
});

test('no rate crosses an epoch, and the segment ends there', async () => {
  const { rows } = await aligned({
    sources: { probe: { fields: FIELDS, rows: steady(50, (k) => ({ epoch: k < 25 ? 0 : 1 })) } },
  });
  expect(column(rows, 'probe__calls__rate')[2]).toBeNull();
  expect(column(rows, 'probe__used_bytes__level')[2]).toBe(1030);
  expect(column(rows, 'segment')).toEqual([0n, 0n, null, 1n, 1n]);
});

test('a gap is a gap: no rate is made across it, and readings grow too old', async () => {
  const rows = steady(50)
    .map((row, k) => ({ ...row, tick: k }))
    .filter(({ tick }) => tick <= 12 || tick >= 38);
  const { rows: found } = await aligned({ sources: { probe: { fields: FIELDS, rows } } });
  expect(column(found, 'step')).toEqual([1n, 2n, 4n, 5n]); // nothing at all is known of the third second
  expect(column(found, 'probe__calls__rate')[1]).toBeCloseTo(50);
  expect(column(found, 'probe__age_ns')[1]).toBe(800_000_000n);
  expect(column(found, 'probe__calls__rate')[2]).toBeNull();
  expect(column(found, 'segment')).toEqual([0n, 0n, null, 1n]);
});

test('what can not be read is null, and makes no rate', async () => {
  const fields = { calls: { ...FIELDS.calls, nullable: true } } as const satisfies Fields;
  const rows = Array.from({ length: 50 }, (_, k) => ({ calls: k === 15 ? null : 5 * k }));
  const { rows: found } = await aligned({ sources: { probe: { fields, rows } } });
  expect(column(found, 'step')).toEqual([1n, 3n, 4n, 5n]); // the row of the second second has nothing else
});

test('a label holds only where it does so over the whole look-back, its uncertainty and the guard band', async () => {
  const labels = [
    { atMs: 0, label: 'benign' },
    { atMs: 2100, label: 'malicious', uncertaintyMs: 50 },
  ];
  const at = async (guardNs: number) => {
    const { rows, built } = await aligned(
      { labels, sources: { probe: { fields: FIELDS, rows: steady(50) } } },
      { guardNs },
    );
    return { steps: rows.map(({ step, label }) => [Number(step), label]), excluded: built.document.excluded_rows };
  };
  expect(await at(0)).toEqual({
    steps: [
      [1, 'benign'],
      [2, 'benign'],
      [4, 'malicious'],
      [5, 'malicious'],
    ],
    excluded: [{ label: 'malicious', reason: 'boundary', rows: 1 }],
  });
  // 2.1 s less 0.05 s less 0.06 s is in front of 2 s; 2.1 s and as much more is behind 2 s, but in front of 3 s
  expect((await at(60e6)).steps).toEqual([
    [1, 'benign'],
    [4, 'malicious'],
    [5, 'malicious'],
  ]);
  expect((await at(900e6)).steps).toEqual([
    [1, 'benign'],
    [5, 'malicious'],
  ]);
});

test('benign rows behind malicious ones are left out and counted, unless they are asked for', async () => {
  const labels = [
    { atMs: 0, label: 'benign', phase: 'baseline' },
    { atMs: 2000, label: 'malicious' },
    { atMs: 3000, label: 'benign', phase: 'recovery' },
  ];
  const { rows, built } = await aligned({ labels });
  expect(column(rows, 'phase')).toEqual(['baseline', 'baseline', 'malicious']);
  expect(built.document.excluded_rows).toEqual([{ label: 'benign', reason: 'residual', rows: 2 }]);
  const kept = await aligned({ labels }, { keepResidual: true });
  expect(column(kept.rows, 'phase')).toEqual(['baseline', 'baseline', 'malicious', 'recovery', 'recovery']);
});

test('the latest revision of a label holds; what nobody knows is no class', async () => {
  const labels = [
    { atMs: 0, label: 'benign' },
    { atMs: 2000, label: 'malicious' },
    { atMs: 4000, label: 'unknown' },
    { atMs: 2000, label: 'benign', revises: 1 },
  ];
  const { rows, built } = await aligned({ labels });
  expect(column(rows, 'label')).toEqual(['benign', 'benign', 'benign', 'benign']);
  expect(built.document.excluded_rows).toEqual([{ label: 'unknown', reason: 'no_class', rows: 1 }]);
});

test('a slow source is joined backward, as long as its reading is young enough', async () => {
  const slow = {
    fields: { depth: level('1', 'Depth.') } as const satisfies Fields,
    intervalMs: 2000,
    rows: [{ depth: 1 }, { depth: 2 }, { depth: 3 }],
  };
  const sources = { probe: { fields: FIELDS, rows: steady(50) }, slow };
  const { rows } = await aligned({ sources });
  expect(column(rows, 'slow__depth__level')).toEqual([1, 2, 2, 3, 3]);
  expect(column(rows, 'slow__age_ns').map(Number)).toEqual([1e9, 0, 1e9, 0, 1e9]);
  const { rows: young } = await aligned({ sources }, { maxAgeNs: 500e6 });
  expect(column(young, 'slow__depth__level')).toEqual([null, 2, null, 3, null]);
});

test('records are summed, and the largest is told; a new one counts from its second sample on', async () => {
  const fields = {
    disks: {
      type: 'array',
      description: 'Disks.',
      items: {
        disk: { type: 'string', kind: 'info', key: true, description: 'Name.' },
        reads: counterSince('device')('{read}', 'Reads.'),
        queue: level('1', 'Queue.'),
      },
    },
  } as const satisfies Fields;
  const rows = Array.from({ length: 31 }, (_, k) => ({
    disks: [
      { disk: 'a', reads: 10 * k, queue: 1 },
      ...(k < 15 ? [] : [{ disk: 'b', reads: 1000 + 30 * (k - 15), queue: 4 }]),
    ],
  }));
  const { rows: found } = await aligned({ sources: { probe: { fields, rows } }, durationMs: 3000 });
  expect(column(found, 'probe__disks__reads__sum__rate').map(Number)).toEqual([
    expect.closeTo(100),
    expect.closeTo(400),
    expect.closeTo(400),
  ]);
  expect(column(found, 'probe__disks__reads__max__rate').map(Number)).toEqual([
    expect.closeTo(100),
    expect.closeTo(300),
    expect.closeTo(300),
  ]);
  expect(column(found, 'probe__disks__queue__sum__level')).toEqual([1, 5, 5]);
  expect(Object.keys(found[0]!).some((name) => name.includes('__a__'))).toBe(false);
});

test('rows that share a tick are records, told apart by their key', async () => {
  const fields = {
    card: { type: 'string', kind: 'info', key: true, description: 'Name.' },
    frames: counterSince('device')('{frame}', 'Frames.'),
    heat: level('Cel', 'Heat.'),
  } as const satisfies Fields;
  const rows = Array.from({ length: 21 }, (_, tick) => [
    { tick, card: 'a', frames: 6 * tick, heat: 40 },
    { tick, card: 'b', frames: 1000 + 2 * tick, heat: 40 + tick },
  ]).flat();
  const { rows: found } = await aligned({ sources: { probe: { fields, rows } }, durationMs: 2000 });
  expect(column(found, 'probe__frames__sum__rate').map(Number)).toEqual([expect.closeTo(80), expect.closeTo(80)]);
  expect(column(found, 'probe__frames__max__rate').map(Number)).toEqual([expect.closeTo(60), expect.closeTo(60)]);
  expect(column(found, 'probe__heat__max__level')).toEqual([50, 60]);
  expect(column(found, 'segment')).toEqual([0n, 0n]);
});

test('records without a key have levels, and no rates: nobody knows whose they would be', async () => {
  const fields = {
    tanks: {
      type: 'array',
      nullable: true,
      description: 'Tanks.',
      items: { fill: level('1', 'Fill.'), drops: counterSince('device')('{drop}', 'Drops.') },
    },
  } as const satisfies Fields;
  const tanks = [
    { fill: 1, drops: 5 },
    { fill: 3, drops: 7 },
  ];
  const rows = Array.from({ length: 21 }, (_, k) => ({ tanks: k === 20 ? null : tanks }));
  const { rows: found, built } = await aligned({ sources: { probe: { fields, rows } }, durationMs: 2000 });
  expect(built.features().features.map(({ name }) => name)).toEqual([
    'probe__tanks__fill__sum__level',
    'probe__tanks__fill__max__level',
  ]);
  expect(column(found, 'probe__tanks__fill__sum__level')).toEqual([4]); // at 2 s it could not be read
});

test('deltas of a stream are what happened in a second', async () => {
  const fields = {
    hits: { type: 'integer', kind: 'delta', unit: '{hit}', description: 'Hits.' },
  } as const satisfies Fields;
  const rows = Array.from({ length: 20 }, (_, k) => ({ t: 100 * (k + 1), hits: 7 }));
  const { rows: found } = await aligned({ sources: { probe: { fields, rows, isStream: true } }, durationMs: 2000 });
  expect(column(found, 'probe__hits__rate').map(Number)).toEqual([expect.closeTo(70), expect.closeTo(70)]);
});

test('words are one feature each, and what only describes is none', async () => {
  const fields = {
    mode: { type: 'string', kind: 'state', enum: ['idle', 'busy'], description: 'Mode.' },
    serial: { type: 'string', kind: 'info', description: 'Serial number.' },
    is_up: { type: 'boolean', kind: 'state', description: 'Up.' },
  } as const satisfies Fields;
  const rows = Array.from({ length: 21 }, (_, k) => ({ mode: k > 10 ? 'busy' : 'idle', serial: 'x', is_up: true }));
  const { rows: found, built } = await aligned({ sources: { probe: { fields, rows } }, durationMs: 2000 });
  expect(built.features().features.map(({ name }) => name)).toEqual([
    'probe__mode__state__idle',
    'probe__mode__state__busy',
    'probe__is_up__level',
  ]);
  expect(column(found, 'probe__mode__state__busy')).toEqual([0, 1]);
});

test('windows do not cross a label, a gap or an epoch', async () => {
  const labels = [
    { atMs: 0, label: 'benign' },
    { atMs: 4000, label: 'malicious' },
  ];
  const made = {
    labels,
    durationMs: 10_000,
    sources: { probe: { fields: FIELDS, rows: steady(100, (k) => ({ epoch: k < 75 ? 0 : 1 })) } },
  };
  const { built } = await aligned(made, { windowNs: 2e9, strideNs: 1e9 });
  const windows = await built.rows('deployable/windows');
  expect(windows.map(({ step, label }) => [Number(step), label])).toEqual([
    [2, 'benign'],
    [3, 'benign'],
    [4, 'benign'],
    [6, 'malicious'],
    [7, 'malicious'],
    [10, 'malicious'],
  ]);
  expect(windows[0]).toMatchObject({
    probe__used_bytes__level__min: 1010,
    probe__used_bytes__level__max: 1020,
    lookback_ns: 2_000_000_000n,
  });
  expect(windows[0]!.probe__calls__rate__mean).toBeCloseTo(50);
});

test('statistics are those of the split for training', async () => {
  const { built } = await aligned({});
  expect(built.features().features.at(-1)!.statistics).toEqual({
    rows: 5,
    nulls: 0,
    mean: 1029.8,
    std: expect.closeTo(15.498, 3),
    min: 1010,
    max: 1049,
  });
});
