import { performance } from 'node:perf_hooks';
import { expect, test } from 'vitest';
import { Pacer } from '../../../src/core/ship/pacer.js';

const signal = new AbortController().signal;

async function through(pacer: Pacer, bytes: number, until = signal): Promise<number[]> {
  const lengths: number[] = [];
  for await (const piece of pacer.pace(Buffer.alloc(bytes), until)) lengths.push(piece.length);
  return lengths;
}

test('without a limit a chunk goes as it is, at once', async () => {
  expect(await through(new Pacer(null), 1_000_000)).toEqual([1_000_000]);
});

test('with a limit it goes in pieces of a quarter of a second', async () => {
  expect(await through(new Pacer(1_000_000), 600_000)).toEqual([250_000, 250_000, 100_000]);
});

test('a limit below four bytes a second still moves', async () => {
  const pieces = new Pacer(3).pace(Buffer.alloc(2), signal);
  expect((await pieces.next()).value).toHaveLength(1);
});

test('never faster than the limit, however many send', async () => {
  const pacer = new Pacer(400_000);
  const begun = performance.now();
  await Promise.all([through(pacer, 60_000), through(pacer, 60_000), through(pacer, 60_000)]);
  // three pieces: the last one goes when the two before it have had their time
  expect(performance.now() - begun).toBeGreaterThanOrEqual((120_000 / 400_000) * 1000 - 2);
});

test('who waits is woken by the signal', async () => {
  const stop = new AbortController();
  const pacer = new Pacer(1);
  await through(pacer, 1);
  const waiting = through(pacer, 100, stop.signal);
  stop.abort(new Error('given up'));
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
});
