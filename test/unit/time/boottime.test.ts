import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readBoottime } from '../../../src/core/time/boottime.js';
import { FakeClock } from '../support/fake-clock.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const BOOTTIME_AT_ZERO_NS = 12_345_671_234_567n;
const NS_PER_CENTISECOND = 10_000_000n;

/** A machine whose /proc/uptime goes on while the clock is read; `delay` is how long a reading takes. */
function fakeMachine(delay: (reading: number) => bigint): { clock: FakeClock; proc: string } {
  const proc = temporaryFolder();
  const show = (now: bigint) => {
    const text = ((BOOTTIME_AT_ZERO_NS + now) / NS_PER_CENTISECOND).toString();
    writeFileSync(join(proc, 'uptime'), `${text.slice(0, -2)}.${text.slice(-2)} 54321.00\n`);
  };
  show(0n);
  const clock = new FakeClock((reading, now) => {
    const took = delay(reading);
    show(now + took);
    return took;
  });
  return { clock, proc };
}

const distance = ({ monotonicNs, boottimeNs }: { monotonicNs: bigint; boottimeNs: bigint }) =>
  Math.abs(Number(BOOTTIME_AT_ZERO_NS + monotonicNs - boottimeNs));

test('it finds the step of a hundredth of a second', () => {
  const { clock, proc } = fakeMachine(() => 50_000n);
  const reading = readBoottime(clock, proc)!;
  expect(reading.boottimeNs % NS_PER_CENTISECOND).toBe(0n);
  expect(reading.errorNs).toBeLessThanOrEqual(100_000);
  expect(distance(reading)).toBeLessThanOrEqual(reading.errorNs);
});

test('the truth lies within the error told, however long each reading takes', () => {
  const delays = fc.array(fc.integer({ min: 100_000, max: 9_000_000 }), { minLength: 1, maxLength: 10 });
  fc.assert(
    fc.property(delays, (list) => {
      const { clock, proc } = fakeMachine((reading) => BigInt(list[reading % list.length]!));
      const reading = readBoottime(clock, proc)!;
      expect(distance(reading)).toBeLessThanOrEqual(reading.errorNs);
    }),
    { numRuns: 50 },
  );
});

test('an uptime that does not step is not waited for, and its error is told as a hundredth of a second', () => {
  const proc = temporaryFolder();
  writeFileSync(join(proc, 'uptime'), '12345.67 54321.00\n');
  const reading = readBoottime(new FakeClock(() => 1_000_000n), proc);
  expect(reading).toMatchObject({ boottimeNs: 12_345_670_000_000n, errorNs: 10_000_000 });
});

test.each([
  ['missing', null],
  ['empty', ''],
  ['torn', '12345.6'],
  ['garbled', 'up since Tuesday\n'],
])('an uptime that is %s gives null', (_, content) => {
  const proc = temporaryFolder();
  if (content !== null) writeFileSync(join(proc, 'uptime'), content);
  expect(readBoottime(new FakeClock(() => 1_000_000n), proc)).toBeNull();
});
