import { parseDuration } from '../time/duration.js';
import type { DurationConfig } from './config.js';
import { drawInteger } from './draw.js';
import type { NsRange } from './plan.js';
import type { Seed } from './seed.js';

const NS_PER_MS = 1e6;
const ZERO = /^0+(?:\.0+)?(?:ms|s|m|h)$/;

/** Nanoseconds; 0 with a problem if it is no duration, or none that can be. */
export function planDuration(text: string, where: string, problems: string[]): number {
  const ns = parseDuration(text);
  if (ns === null)
    problems.push(
      `${where} is "${text}"; it must be longer than 0 and at most 104 days, with a unit, like "100ms", "10s", "2m" or "1h"`,
    );
  return ns ?? 0;
}

/** The same for what may be "0s". */
export function planPause(text: string, where: string, problems: string[]): number {
  return ZERO.test(text) ? 0 : planDuration(text, where, problems);
}

interface RangeOptions {
  readonly problems: string[];
  readonly canBeZero?: boolean;
}

/** A plain duration is a range of one. The ends of any other are whole milliseconds, as that is what is drawn. */
export function planRange(
  written: DurationConfig,
  where: string,
  { problems, canBeZero = false }: RangeOptions,
): NsRange {
  const plan = canBeZero ? planPause : planDuration;
  if (typeof written === 'string') {
    const ns = plan(written, where, problems);
    return { minNs: ns, maxNs: ns };
  }
  const before = problems.length;
  const end = (key: 'min' | 'max') => {
    const ns = plan(written[key], `${where}.${key}`, problems);
    if (ns % NS_PER_MS !== 0)
      problems.push(`${where}.${key} is "${written[key]}"; the ends of a range must be whole milliseconds`);
    return ns;
  };
  const range = { minNs: end('min'), maxNs: end('max') };
  if (problems.length === before && range.minNs > range.maxNs)
    problems.push(`${where}.min is "${written.min}", which is longer than its max, "${written.max}"`);
  return range;
}

/** Nanoseconds from the range, by the millisecond. A range of one takes no draw, and so needs no seed. */
export function drawDuration(seed: Seed, what: string, { minNs, maxNs }: NsRange): number {
  if (minNs >= maxNs) return minNs;
  return drawInteger(seed.value, what, Math.ceil(minNs / NS_PER_MS), Math.floor(maxNs / NS_PER_MS)) * NS_PER_MS;
}
