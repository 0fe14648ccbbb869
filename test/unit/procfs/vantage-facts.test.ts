import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { auxiliaryVector, localVantageFacts } from '../../../src/core/procfs/vantage-facts.js';

const words = (...values: bigint[]) => Buffer.from(BigUint64Array.from(values).buffer);

test('a vector is pairs of 64-bit words', () => {
  expect(auxiliaryVector(words(6n, 65536n, 17n, 100n, 33n, 2n ** 64n - 1n, 0n, 0n))).toEqual(
    new Map([
      [6n, 65536n],
      [17n, 100n],
      [33n, 2n ** 64n - 1n],
      [0n, 0n],
    ]),
  );
});

test.each([0, 1, 8, 15])('%d bytes behind the last pair are no pair', (bytes) => {
  const vector = auxiliaryVector(Buffer.concat([words(6n, 4096n), Buffer.alloc(bytes, 1)]));
  expect([...vector]).toEqual([[6n, 4096n]]);
});

test("this machine's facts are what getconf says", () => {
  const getconf = (name: string) => Number(execFileSync('getconf', [name], { encoding: 'utf8' }));
  const { pageSizeBytes, clockTicksPerSecond, cpus } = localVantageFacts();
  expect([pageSizeBytes, clockTicksPerSecond]).toEqual([getconf('PAGE_SIZE'), getconf('CLK_TCK')]);
  expect(cpus).toBeGreaterThan(0);
});
