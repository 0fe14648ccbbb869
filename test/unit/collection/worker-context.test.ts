import { expect, test } from 'vitest';
import { EventMerger } from '../../../src/core/collection/event-merger.js';
import type { EventFields } from '../../../src/core/collection/protocol.js';
import { WorkerContext } from '../../../src/core/collection/worker-context.js';

/** What a plugin says through its context. */
function contextOf() {
  const told: EventFields[] = [];
  const events = new EventMerger((_event, _at, fields) => told.push(fields));
  const context = new WorkerContext({ setup: {}, state: {}, events, prints: {} } as never);
  const queued = { lost: [] as number[], invalid: [] as string[][] };
  context.findQueue = () => ({
    emit() {},
    lost: (count) => void queued.lost.push(count),
    invalid: (...words) => void queued.invalid.push(words),
  });
  return { context, told, ...queued };
}

test('rows that a source has lost are counted, also as a bigint; none is no event', () => {
  const { context, lost, invalid } = contextOf();
  for (const count of [3, 7n, 0]) context.lost(count);
  expect([lost, invalid]).toEqual([[3, 7], []]);
});

test.each([-1000, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60, -1n, 2n ** 64n, '3', null, undefined, {}])(
  'a loss of %s takes nothing back, and is told as a row that is none',
  (count) => {
    const { context, lost, invalid } = contextOf();
    context.lost(count as number);
    expect(lost).toEqual([]);
    expect(invalid).toEqual([['lost', expect.stringContaining('a whole number is wanted')]]);
  },
);

test('of an event so much is kept that nobody fills a disk with it', () => {
  const { context, told } = contextOf();
  const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`f${i}`, i]));
  context.event('x'.repeat(1_000), { ['n'.repeat(1_000)]: 1, text: 'y'.repeat(1_000), huge: 10n ** 1_000n, ...many });
  const { code, text, huge, ...rest } = told[0]!;
  expect([code, text, huge].map((value) => String(value).length)).toEqual([64, 500, 500]);
  expect(rest).toMatchObject({ ['n'.repeat(64)]: 1, f0: 0, count: 1 });
  expect(Object.keys(told[0]!)).toHaveLength(64 + 2);
});

test('integers of 64 bits are told as they are', () => {
  const { context, told } = contextOf();
  context.event('a', { most: 2n ** 64n - 1n, least: -(2n ** 63n) });
  expect(told[0]).toMatchObject({ most: 2n ** 64n - 1n, least: -(2n ** 63n) });
});
