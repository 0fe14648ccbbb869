import { integerAt } from '../../index.js';

/** A line of `perf stat -I -x ,`: one event in one interval (perf-stat(1), CSV FORMAT). */
export interface PerfLine {
  /** Nanoseconds since perf began. */
  readonly atNs: bigint;
  readonly event: string;
  /** What was counted; null as long as no thread of the target ran, or where a counter was not free. */
  readonly count: number | bigint | null;
  /** Whether there is such a counter. */
  readonly isSupported: boolean;
  /** For how long it was counted, in ns of CPU time. */
  readonly runNs: number | bigint;
  /** The share of the CPU time in which it was counted. */
  readonly ratio: number;
}

const U64_MAX = 2n ** 64n - 1n;
const SECONDS = /^ *(\d{1,10})\.(\d{9})$/;
/** Two decimals: a line that was cut short has fewer, or none. */
const PERCENT = /^(\d{1,3})\.(\d\d)$/;
const COUNT = /^\d+(?:\.\d\d)?$/;

/** Null for what is no whole line of that kind. */
export function parsePerfLine(line: string): PerfLine | null {
  const [time = '', value = '', , event = '', run = '', percent = ''] = line.split(',');
  const [seconds, share] = [SECONDS.exec(time), PERCENT.exec(percent)];
  const runNs = /^\d+$/.test(run) ? bounded(integerAt(run, 0)) : null;
  if (seconds === null || share === null || runNs === null) return null;
  const isSupported = value !== '<not supported>';
  const isCounted = COUNT.test(value);
  if (!isCounted && isSupported && value !== '<not counted>') return null;
  return {
    atNs: BigInt(seconds[1]! + seconds[2]!),
    event,
    count: isCounted ? bounded(integerAt(value, 0)) : null,
    isSupported,
    runNs,
    ratio: Math.min(1, Number(share[1]! + share[2]!) / 10_000),
  };
}

/** No counter of the kernel has more than 64 bits. */
const bounded = (value: number | bigint | null) => (value !== null && value > U64_MAX ? null : value);
