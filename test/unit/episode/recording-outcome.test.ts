import { expect, test } from 'vitest';
import { Recording, type RecordingEnd, type RecordingOptions } from '../../../src/core/episode/recording.js';

const over: RecordingEnd = {
  status: 'complete',
  reason: 'duration_over',
  atNs: 5n,
  failure: null,
  isWhole: true,
};
const recording = () => new Recording({} as RecordingOptions);
const failure = (code: string) => Object.assign(new Error(`${code}: of the system`), { code });

test('nothing failed: it ended as it ended', () => {
  expect(recording().asItCameOut(over)).toBe(over);
});

test.each([
  ['EIO', 'write_failed'],
  ['ENOSPC', 'disk_full'],
])('a last write that fails with %s, after the end was decided, leaves no whole episode', (code, reason) => {
  const late = recording();
  late.onWriteFailed(failure(code));
  const expected = { status: 'failed', reason, atNs: 5n, failure: `${code}: of the system`, isWhole: false };
  expect(late.asItCameOut(over)).toEqual(expected);
});

test('a failure that was the end already is told as it was', () => {
  const failed: RecordingEnd = { ...over, status: 'failed', reason: 'disk_full', failure: 'the first', isWhole: false };
  const early = recording();
  early.onWriteFailed(failure('EIO'));
  expect(early.asItCameOut(failed)).toBe(failed);
});

test('threads that were told too late of the end may have run ticks behind it: so it is put behind those', async () => {
  const MS = 1_000_000n;
  const never = new Promise<never>(() => {});
  const told: bigint[] = [];
  let time = 100n * MS;
  const host = {
    stop(end: bigint) {
      if (told.length === 0) time += 20n * MS; // other programs had the machine
      told.push(end);
    },
    ended: Promise.resolve(),
    isRunning: false,
    abandonment: null,
    terminate: async () => {},
  };
  const options = {
    clock: { now: () => time, at: () => ({}) },
    plan: { durationNs: 1e9 },
    sessions: [{ isPresent: true, host, stuck: { look: () => false } }],
    interruption: { first: Promise.resolve('SIGTERM') },
    target: { exited: never, failed: never, conclude: async () => {}, close: async () => true, droppedBytes: () => 0 },
    events: { write() {} },
    phases: { run: async () => {}, stop() {}, close: async () => {}, leftovers: [] },
  };
  const { atNs, reason } = await new Recording(options as unknown as RecordingOptions).run();
  expect(reason).toBe('signal');
  expect(atNs).toBeGreaterThan(120n * MS);
  expect(told.at(-1)).toBe(atNs);
});
