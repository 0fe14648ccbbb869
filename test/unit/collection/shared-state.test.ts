import { expect, test } from 'vitest';
import { ACTIVITY, CONTROL, SharedState } from '../../../src/core/collection/shared-state.js';

test('a fresh state holds, and has counted nothing', () => {
  const state = new SharedState();
  expect([state.control, state.activity, state.beat]).toEqual([CONTROL.hold, ACTIVITY.starting, 0]);
  expect([state.get('rows'), state.get('isAlive')]).toEqual([0, 0]);
});

test('the other side of the memory sees the origin, exact to the nanosecond, and the end', () => {
  const main = new SharedState();
  const thread = new SharedState(main.buffer);
  main.go(123456789012345678n, 1795458771000250017n);
  expect([thread.control, thread.originMonoNs, thread.originWallNs]).toEqual([
    CONTROL.go,
    123456789012345678n,
    1795458771000250017n,
  ]);
  main.stop(10_000_000_001n);
  expect([thread.control, thread.endNs]).toEqual([CONTROL.stop, 10_000_000_001]);
});

test('a sleeper does not sleep once what it waits for has happened', () => {
  const state = new SharedState();
  state.go(0n, 0n);
  state.waitWhile(CONTROL.hold);
  state.stop(0n);
  state.waitWhile(CONTROL.go);
  expect(state.control).toBe(CONTROL.stop);
});

test('a sleeper wakes when its time is over', () => {
  const state = new SharedState();
  state.waitWhile(CONTROL.hold, 1);
  expect(state.control).toBe(CONTROL.hold);
});

test('every counter has a place of its own', () => {
  const names = [
    'rows',
    'bytes',
    'ticksRun',
    'ticksMissed',
    'ticksLate',
    'invalidRows',
    'lostRows',
    'sampleErrors',
    'longestGapNs',
    'lastRowNs',
    'longestPauseNs',
    'longestPauseFromNs',
    'lastLookNs',
    'isAlive',
  ] as const;
  const main = new SharedState();
  const thread = new SharedState(main.buffer);
  thread.go(7n, 8n);
  for (const [i, name] of names.entries()) thread.set(name, 2 ** 53 - 1 - i);
  for (const name of names) thread.add(name, -1);
  expect(names.map((name) => main.get(name))).toEqual(names.map((_, i) => 2 ** 53 - 2 - i));
  expect([main.originMonoNs, main.originWallNs, main.control]).toEqual([7n, 8n, CONTROL.go]);
});

test('signs of life and activity are seen from the other side, and disturb nothing', () => {
  const main = new SharedState();
  const thread = new SharedState(main.buffer);
  main.go(2n ** 62n, 2n ** 62n);
  thread.activity = ACTIVITY.writing;
  for (let i = 0; i < 1000; i++) thread.bumpBeat();
  expect([main.activity, main.beat, main.control, main.originMonoNs]).toEqual([
    ACTIVITY.writing,
    1000,
    CONTROL.go,
    2n ** 62n,
  ]);
});

test('the longest pause between two looks at a source is kept, and when it began', () => {
  const state = new SharedState();
  const pause = () => [state.get('longestPauseFromNs'), state.get('longestPauseNs')];
  state.look(100);
  expect(pause()).toEqual([0, 100]);
  for (const at of [150, 400, 500, 750]) state.look(at);
  expect(pause()).toEqual([150, 250]);
  state.look(1001);
  expect(pause()).toEqual([750, 251]);
});

test('a look that lies before the last one makes no pause', () => {
  const state = new SharedState();
  for (const at of [100, 40, 150]) state.look(at);
  expect([state.get('longestPauseNs'), state.get('lastLookNs')]).toEqual([100, 150]);
});
