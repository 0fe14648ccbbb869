import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fakeMachine, stat, target, textOf } from '../support/fake-machine.js';

test('a kept descriptor goes on reading the file that it opened', () => {
  const { reader, root, write } = fakeMachine({ 'proc/42/stat': stat(5) });
  const frame = reader({ stat: '/proc/42/stat' }, target(5n));
  frame.open();
  rmSync(join(root, 'proc/42'), { recursive: true });
  write('proc/42/stat', stat(6));
  frame.read();
  expect(textOf(frame.files.stat)).toBe(stat(5));
});

test.each([
  ['another process', 6n],
  ['the same process', 5n],
  ['a target whose start nobody knows', null],
])('after opening, %s is held against its start time', (name, start) => {
  const frame = fakeMachine({ 'proc/42/stat': stat(5) }).reader({ stat: '/proc/42/stat' }, target(start));
  if (name !== 'another process') return expect(() => frame.open()).not.toThrow();
  expect(() => frame.open()).toThrow(expect.objectContaining({ code: 'ESRCH', message: 'process 42 has ended' }));
});

test('a target that has gone before its optional files were opened is ESRCH', () => {
  const frame = fakeMachine({}).reader({ io: { path: '/proc/42/io', optional: true } }, target(5n));
  expect(() => frame.open()).toThrow(expect.objectContaining({ code: 'ESRCH' }));
});
