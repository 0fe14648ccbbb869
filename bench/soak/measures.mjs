import { judgeGrowth } from '../lib/growth.mjs';
import { mean } from '../lib/statistics.mjs';

/**
 * Each thread has a heap, which V8 lets grow by so much before it looks for old garbage at all: with nine collectors at
 * 100 Hz memory rose by 30 MB within four minutes, and by none in the 16 behind them.
 */
const HEAP_MB = 2.5;

/**
 * What has to be flat, and by how much it may grow over the judged stretch all the same (`floor`, or that share of its
 * level, the larger one): below that it is the machine's noise, or a heap that finds its size. CPU time is counted in
 * steps of 10 ms, which only a mean evens out.
 */
const measures = (collectors) => [
  {
    name: 'memory',
    unit: 'MB',
    digits: 1,
    read: (point) => point.memoryMb,
    floor: HEAP_MB * (collectors + 1),
    share: 0.05,
  },
  { name: 'memory of programs', unit: 'MB', digits: 1, read: (point) => point.programsMb, floor: 6, share: 0.05 },
  { name: 'open descriptors', unit: '', digits: 1, read: (point) => point.descriptors, floor: 2 },
  { name: 'threads', unit: '', digits: 1, read: (point) => point.threads, floor: 1 },
  { name: 'programs', unit: '', digits: 1, read: (point) => point.programs, floor: 1 },
  { name: 'cpu', unit: '%', digits: 1, read: (point) => 100 * point.cpu, merge: mean, floor: 3, share: 0.2 },
  {
    name: 'cpu of programs',
    unit: '%',
    digits: 1,
    read: (point) => 100 * point.programsCpu,
    merge: mean,
    floor: 3,
    share: 0.2,
  },
  { name: 'lateness, p50', unit: 'us', digits: 0, read: (point) => point.lateP50Us, floor: 500, share: 0.5 },
  { name: 'written', unit: 'kB/s', digits: 0, read: (point) => point.kbPerS, merge: mean, floor: 20, share: 0.1 },
];

/** What became of each measure over `points`, those of a watch of so many collectors. Throws if they are too few. */
export function judgeAll(points, collectors) {
  return measures(collectors).flatMap((measure) => judge(measure, points));
}

/** Lateness is not there in a second without a tick, or at all if every collector is a stream. */
function judge(measure, points) {
  const all = points.map((point) => ({ atS: point.atS, value: measure.read(point) }));
  const series = all.filter(({ value }) => value !== undefined);
  return series.length === 0 ? [] : [{ ...measure, ...judgeGrowth(series, measure) }];
}

/** For bench/lib/table.mjs: the level, how much it grew over the judged stretch, and by how much it may. */
export function verdictRow(verdict) {
  const { name, level, growth, allowed, isGrowing } = verdict;
  return {
    name,
    figure: show(verdict, level),
    baseline: `${growth < 0 ? '' : '+'}${show(verdict, growth)}`,
    bar: `<= ${show(verdict, allowed)}`,
    isOk: !isGrowing,
  };
}

/** Of something that grows. */
export function verdictSentence(verdict) {
  const { name, spanS, growth, growthAtLeast, allowed } = verdict;
  const minutes = spanS / 60;
  const perMinute = show({ ...verdict, digits: verdict.digits + 1 }, growth / minutes);
  return (
    `${name}: ${perMinute} more each minute; that is ${show(verdict, growth)} in ${minutes.toFixed(1)} min, ` +
    `at least ${show(verdict, growthAtLeast)}, where ${show(verdict, allowed)} would be noise`
  );
}

const show = ({ unit, digits }, value) => `${value.toFixed(digits)}${unit === '' ? '' : ` ${unit}`}`;
