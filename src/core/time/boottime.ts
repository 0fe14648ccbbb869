import { closeSync, openSync, readSync } from 'node:fs';
import type { Clock } from './clock.js';

/** CLOCK_BOOTTIME at one instant of CLOCK_MONOTONIC, in nanoseconds. */
export interface BoottimeReading {
  readonly monotonicNs: bigint;
  readonly boottimeNs: bigint;
  readonly errorNs: number;
}

const NS_PER_CENTISECOND = 10_000_000n;
/** /proc/uptime steps every 10 ms; a longer search would mean that it does not step at all. */
const SEARCH_LIMIT_NS = 30_000_000n;

/**
 * CLOCK_BOOTTIME, which JavaScript can't read: /proc/uptime shows it in hundredths of a second, and at the instant at
 * which that steps it is exact. Takes up to 10 ms of reading. Null where /proc/uptime is missing.
 */
export function readBoottime(clock: Clock, procRoot = '/proc'): BoottimeReading | null {
  let fd: number;
  try {
    fd = openSync(`${procRoot}/uptime`, 'r');
  } catch {
    return null;
  }
  try {
    return catchStep(clock, fd);
  } finally {
    closeSync(fd);
  }
}

function catchStep(clock: Clock, fd: number): BoottimeReading | null {
  const bytes = Buffer.alloc(64);
  const read = () => centiseconds(bytes.toString('latin1', 0, readSync(fd, bytes, 0, bytes.length, 0)));
  let before = clock.monotonicNs();
  const first = read();
  if (first === null) return null;
  let between = clock.monotonicNs();
  const limit = before + SEARCH_LIMIT_NS;
  for (;;) {
    const uptime = read();
    const after = clock.monotonicNs();
    if (uptime === null) return null;
    const half = (after - before) / 2n;
    if (uptime !== first)
      return {
        monotonicNs: before + half,
        boottimeNs: uptime * NS_PER_CENTISECOND,
        errorNs: Number(after - before - half),
      };
    if (after > limit)
      return { monotonicNs: after, boottimeNs: uptime * NS_PER_CENTISECOND, errorNs: Number(NS_PER_CENTISECOND) };
    before = between;
    between = after;
  }
}

/** "12345.67 ..." as 1234567. */
function centiseconds(uptime: string): bigint | null {
  const match = /^(\d+)\.(\d\d)\s/.exec(uptime);
  return match ? BigInt(match[1]! + match[2]!) : null;
}
