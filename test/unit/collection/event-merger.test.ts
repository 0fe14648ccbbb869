import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventMerger } from '../../../src/core/collection/event-merger.js';
import type { EventFields } from '../../../src/core/collection/protocol.js';

const SECOND = 1_000_000_000n;
const MS = 1_000_000n;

interface Sent {
  readonly event: string;
  readonly at: bigint;
  readonly fields: EventFields;
}

function merger() {
  const sent: Sent[] = [];
  return { sent, merger: new EventMerger((event, at, fields) => sent.push({ event, at, fields })) };
}

const total = (sent: readonly Sent[]) => sent.reduce((sum, { fields }) => sum + Number(fields.count), 0);

test('the first is passed on at once', () => {
  const { sent, merger: events } = merger();
  events.add('ticks_missed', 5n, { first: 3 }, 2);
  expect(sent).toEqual([{ event: 'ticks_missed', at: 5n, fields: { first: 3, count: 2 } }]);
});

test('repeats within its second are passed on as one, with the fields of their first', () => {
  const { sent, merger: events } = merger();
  events.add('ticks_missed', 0n, { first: 3 }, 2);
  events.add('ticks_missed', 10n * MS, { first: 7 }, 3);
  events.add('ticks_missed', 20n * MS, { first: 11 }, 4);
  events.flush(SECOND - 1n);
  expect(sent).toHaveLength(1);
  events.flush(SECOND);
  expect(sent.slice(1)).toEqual([{ event: 'ticks_missed', at: SECOND, fields: { first: 7, count: 7 } }]);
});

test('names are apart, and codes of one name', () => {
  const { sent, merger: events } = merger();
  for (const code of ['EIO', 'EACCES', 'EIO']) events.add('collector_failed', 0n, { code });
  events.add('rows_invalid', 0n, { code: 'EIO' });
  expect(sent.map(({ event, fields }) => [event, fields.code])).toEqual([
    ['collector_failed', 'EIO'],
    ['collector_failed', 'EACCES'],
    ['rows_invalid', 'EIO'],
  ]);
});

test('what fails at 1 kHz is told once a second, and every time is counted', () => {
  const { sent, merger: events } = merger();
  for (let i = 0n; i < 10_000n; i++) events.add('collector_failed', i * MS, { code: 'EIO' });
  events.flush(10_000n * MS, true);
  expect(sent.length).toBeLessThanOrEqual(12);
  expect(total(sent)).toBe(10_000);
});

test('more codes than anybody tells apart share one, and are counted all the same', () => {
  const { sent, merger: events } = merger();
  for (let i = 0; i < 5_000; i++) events.add('rows_invalid', 0n, { code: `key${i}` });
  events.flush(1n, true);
  expect(sent.length).toBeLessThan(100);
  expect(total(sent)).toBe(5_000);
  expect(sent.at(-1)?.fields.code).toBe('many_codes');
});

test('after a quiet second the next one is a first again', () => {
  const { sent, merger: events } = merger();
  events.add('rows_lost', 0n, {});
  events.add('rows_lost', 2n * SECOND, {});
  expect(sent.map(({ at }) => at)).toEqual([0n, 2n * SECOND]);
});

test('at the end nothing is left behind, and nothing is told twice', () => {
  const { sent, merger: events } = merger();
  events.add('rows_lost', 0n, {});
  events.add('rows_lost', 1n, {}, 5);
  events.flush(2n, true);
  events.flush(2n, true);
  expect(total(sent)).toBe(6);
  expect(sent.at(-1)?.at).toBe(2n);
});

test('whatever happens, every event is counted once, and times never decrease', () => {
  const step = fc.record({
    name: fc.constantFrom('a', 'b'),
    code: fc.constantFrom('x', 'y', null),
    after: fc.integer({ min: 0, max: 2e9 }),
    count: fc.integer({ min: 1, max: 9 }),
  });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const { sent, merger: events } = merger();
      let now = 0n;
      for (const { name, code, after, count } of steps) {
        now += BigInt(after);
        events.add(name, now, { code }, count);
      }
      events.flush(now, true);
      expect(total(sent)).toBe(steps.reduce((sum, { count }) => sum + count, 0));
      const times = sent.map(({ at }) => at);
      expect(times).toEqual([...times].sort((a, b) => Number(a - b)));
    }),
  );
});
