import type { Told } from '../audit-report.js';
import { evenly, type Holder } from '../measure/holder.js';
import { judgeCategories, judgeNumbers } from '../measure/judge.js';
import type { Interval, Observations } from '../observations.js';
import type { RowSample } from './sample-rows.js';

/** Where a label stands in its episode: whoever always infects after the baseline teaches a model the time. */
export function checkPhases(observations: Observations, sample: RowSample, limit: number): Told[] {
  const { classes } = observations;
  const subject = (name: string, title: string) => ({ name, title, against: 'label' as const, limit, classes });
  return [
    judgeCategories(
      subject('phase_order', 'the place in the order of phases'),
      holdersOf(observations, ({ position }) => String(position)),
    ),
    judgeNumbers(
      subject('phase_duration', 'the duration of the phase'),
      holdersOf(observations, ({ durationNs }) => durationNs),
    ),
    judgeNumbers(subject('phase_position', 'the time since the origin'), sample.holders('t_mono_ns')),
  ];
}

/** A pair with several phases has each of their values, all together as much as one. */
function holdersOf<Value>(
  { classes, pairs, intervals }: Observations,
  of: (interval: Interval) => Value,
): Holder<Value>[] {
  const own = new Map<string, Interval[]>();
  for (const interval of intervals) {
    const key = `${interval.episode} ${interval.label}`;
    const list = own.get(key);
    if (list === undefined) own.set(key, [interval]);
    else list.push(interval);
  }
  return pairs.flatMap(({ episode, label }) => {
    const found = own.get(`${episode} ${label}`);
    if (found === undefined) return [];
    return [{ labels: classes.map((_, other) => Number(other === label)), values: evenly(found.map(of)) }];
  });
}
