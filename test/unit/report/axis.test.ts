import { expect, test } from 'vitest';
import { BUCKETS, BucketAxis, SampleAxis } from '../../../src/core/report/axis.js';

const END_NS = BUCKETS * 1e9;

/** The values of one series, of buckets of a second, with infinity as it stands for "go on". */
function bucketed(
  samples: readonly (readonly [seconds: number, value: number | null])[],
  breakBefore: readonly number[] = [],
) {
  const axis = new BucketAxis(0, END_NS);
  const series = axis.newSeries();
  for (const [seconds, value] of samples) {
    if (breakBefore.includes(seconds)) series.break();
    series.add(axis.place(seconds * 1e9), value);
  }
  const { seconds, values } = axis.points([series]);
  return { seconds: [...seconds], values: [...values[0]!] };
}

test('a bucket has its least and its greatest value, in the order in which they came: no peak is lost', () => {
  const { seconds, values } = bucketed([
    [0, 5],
    [0.1, 9],
    [0.2, 1],
    [0.3, 5],
    [1, 2],
    [1.5, 8],
    [1.6, 3],
  ]);
  expect(seconds).toEqual([0.25, 0.75, 1.25, 1.75]);
  expect(values).toEqual([9, 1, 2, 8]);
});

test('one value stands twice, and a time without samples is no point', () => {
  expect(
    bucketed([
      [0, 5],
      [7, 6],
    ]),
  ).toEqual({ seconds: [0.25, 0.75, 7.25, 7.75], values: [5, 5, 6, 6] });
});

test('a value that is missing breaks the line behind the last one, and loses none', () => {
  const { seconds, values } = bucketed([
    [0, 5],
    [1, null],
    [2, 6],
  ]);
  expect(seconds).toEqual([0.25, 0.75, 0.999, 1.25, 1.75, 2.25, 2.75]);
  expect(values).toEqual([5, 5, Number.NaN, Infinity, Infinity, 6, 6]);
});

test('a break in front of the first value is none', () => {
  expect(
    bucketed(
      [
        [0, 5],
        [1, 6],
      ],
      [0, 1],
    ).values,
  ).toEqual([5, 5, Number.NaN, 6, 6]);
});

test('a gap breaks every line, and a break of one line leaves the others whole', () => {
  const axis = new BucketAxis(0, END_NS);
  const [one, other] = [axis.newSeries(), axis.newSeries()];
  for (const each of [one, other]) each.add(axis.place(0), 1);
  one.break();
  for (const each of [one, other]) each.add(axis.place(1e9), 2);
  axis.gap();
  for (const each of [one, other]) each.add(axis.place(2e9), 3);
  const { values } = axis.points([one, other]);
  expect(values.map((each) => [...each])).toEqual([
    [1, 1, Number.NaN, 2, 2, Number.NaN, 3, 3],
    [1, 1, Infinity, 2, 2, Number.NaN, 3, 3],
  ]);
});

test('what lies behind the end is in the last bucket', () => {
  expect(bucketed([[BUCKETS + 5, 4]]).seconds).toEqual([BUCKETS - 0.75, BUCKETS - 0.25]);
});

test('few samples are drawn one by one, and a gap has a point without a value in its middle', () => {
  const axis = new SampleAxis();
  const series = axis.newSeries();
  series.add(axis.place(0), 1);
  series.add(axis.place(1e9), null);
  axis.gap(1e9, 3e9);
  series.add(axis.place(3e9), 2);
  const { seconds, values } = axis.points([series]);
  expect([...seconds]).toEqual([0, 1, 2, 3]);
  expect([...values[0]!]).toEqual([1, Number.NaN, Number.NaN, 2]);
});
