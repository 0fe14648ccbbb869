import { expect, test } from 'vitest';
import { uncleanState } from '../../../src/core/guest/unclean-state.js';

const clock = (offset_ns: bigint, error_ns = 1_000_000n) => ({ offset_ns, error_ns, monotonic_ns: 0n });

test('a guest that got a time and a seed of its own begins afresh', () => {
  expect(uncleanState('reseeded', clock(-900_000n))).toEqual([]);
  expect(uncleanState('mixed', clock(1_200_000_000n, 300_000_000n))).toEqual([]); // nobody can tell
});

test('one that got neither is told with each', () => {
  expect(uncleanState('failed', clock(-3_600_000_000_000n))).toEqual([
    "the restored guest's random generator could not be reseeded",
    "the restored guest's clock could not be set: it is -3600 s off",
  ]);
});
