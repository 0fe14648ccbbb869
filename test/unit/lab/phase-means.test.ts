import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const DEMO = fileURLToPath(new URL('../../../examples/lab/demo/', import.meta.url));
const load = (name: string) => import(join(DEMO, name));
const { level, phaseMeans, rate, share, stretchesOf } = await load('phase-means.mjs');
const { parseJson } = await load('read-episode.mjs');
const { signalsOf } = await load('signals.mjs');

const S = 1e9;
const LABELS = [
  { seq: 0, t_mono_ns: 0, phase: 'idle', label: 'benign' },
  { seq: 1, t_mono_ns: 10 * S, phase: 'busy', label: 'malicious' },
];

/** Rows of one source, a second apart from the given second on; a value for each. */
const rowsFrom = (second: number, values: unknown[], more: object = {}) =>
  values.map((count, index) => ({ t_mono_ns: (second + index) * S + 5, epoch: 0, count, ...more }));

function meansOf(rows: object[], signal: object, labels: object[] = LABELS) {
  const means = phaseMeans(stretchesOf(labels, 20 * S), { it: rows }, { signal });
  return Object.fromEntries(
    means.map(({ phase, values }: Record<string, { signal: number }>) => [phase, values!.signal]),
  );
}

describe('a rate', () => {
  const perSecond = rate('it', ['count']);

  test('is what a counter grew by in a second of its phase, and never across a label', () => {
    const rows = [...rowsFrom(8, [100, 110]), ...rowsFrom(10, [5000, 5007, 5014])];
    expect(meansOf(rows, perSecond)).toEqual({ idle: 10, busy: 7 });
  });

  test('never crosses an epoch', () => {
    const rows = [...rowsFrom(0, [100, 110]), ...rowsFrom(2, [90_000, 90_020], { epoch: 1 })];
    expect(meansOf(rows, perSecond)).toEqual({ idle: 15, busy: null });
  });

  test('passes over rows without a value, and over a counter that fell', () => {
    expect(meansOf(rowsFrom(0, [100, null, 104, 3, 5]), perSecond).idle).toBe(2);
  });

  test('weighs by time: a longer gap counts for more', () => {
    const rows = [...rowsFrom(0, [0]), ...rowsFrom(1, [100]), ...rowsFrom(5, [100])];
    expect(meansOf(rows, perSecond).idle).toBe(20);
  });

  test('is scaled, and is of several counters together', () => {
    const rows = rowsFrom(0, [0, 50, 100]).map((row) => ({ ...row, other: row.count }));
    expect(meansOf(rows, rate('it', ['count', 'other'], 0.01)).idle).toBe(1);
  });

  test('is exact where a double is not', () => {
    const rows = parseJson(
      '[{"t_mono_ns":1,"epoch":0,"count":18446744073709551000},{"t_mono_ns":1000000001,"epoch":0,"count":18446744073709551003}]',
    );
    expect(meansOf(rows, perSecond).idle).toBe(3);
  });
});

test('a share is what some counters grew by in all, over the same rows', () => {
  const rows = rowsFrom(0, [0, 30, 60]).map((row, index) => ({ ...row, rest: index === 1 ? null : index * 45 }));
  expect(meansOf(rows, share('it', ['count'], ['count', 'rest'])).idle).toBe(40);
  expect(meansOf(rowsFrom(0, [4, 4]), share('it', ['count'], ['count'])).idle).toBeNull();
});

test('a level is the mean of the values that there are', () => {
  expect(meansOf(rowsFrom(0, [10, null, 20]), level('it', 'count', 2))).toEqual({ idle: 30, busy: null });
});

describe('labels', () => {
  const count = rate('it', ['count']);

  test('a stretch of unknown belongs to no phase', () => {
    const labels = [...LABELS, { seq: 2, t_mono_ns: 5 * S, phase: 'idle', label: 'unknown' }];
    const rows = [...rowsFrom(0, [0, 1, 2]), ...rowsFrom(6, [1000, 2000])];
    expect(meansOf(rows, count, labels)).toEqual({ idle: 1, busy: null });
  });

  test('one that is revised does not hold', () => {
    const labels = [...LABELS, { seq: 2, t_mono_ns: 15 * S, phase: 'busy', label: 'malicious', revises: 1 }];
    const rows = [...rowsFrom(11, [0, 3]), ...rowsFrom(16, [100, 109])];
    expect(meansOf(rows, count, labels)).toEqual({ idle: 3, busy: 9 });
  });

  test('the last one ends with the episode', () => {
    expect(meansOf([...rowsFrom(18, [0, 1]), ...rowsFrom(20, [50])], count)).toEqual({ idle: null, busy: 1 });
  });

  test('a phase that was interrupted by unknown is one row, counted in both parts', () => {
    const labels = [
      { seq: 0, t_mono_ns: 0, phase: 'idle', label: 'benign' },
      { seq: 1, t_mono_ns: 2 * S, phase: 'idle', label: 'unknown' },
      { seq: 2, t_mono_ns: 4 * S, phase: 'idle', label: 'benign' },
    ];
    const rows = [...rowsFrom(0, [0, 2]), ...rowsFrom(2, [500, 900]), ...rowsFrom(4, [1000, 1004])];
    expect(meansOf(rows, count, labels)).toEqual({ idle: 3 });
  });
});

test("the host's jiffies count by its own clock ticks: two seconds of CPU in one are 200 %", () => {
  const row = (second: number, jiffies: number) => ({
    t_mono_ns: second * S,
    epoch: 0,
    cpu_user_jiffies: jiffies,
    cpu_sys_jiffies: jiffies,
  });
  const rowsOf = { host_proc: [row(0, 0), row(1, 250)] };
  const [idle] = phaseMeans(stretchesOf(LABELS, 20 * S), rowsOf, { cpu: signalsOf(250).hostCpu });
  expect(idle.values.cpu).toBe(200);
});
