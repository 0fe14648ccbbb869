import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fakeMachine, textOf } from '../support/fake-machine.js';

test('an optional file that is missing is told once, and is empty with its code', () => {
  const { reader, told } = fakeMachine({ 'proc/stat': 'x' });
  const frame = reader({ stat: '/proc/stat', io: { path: '/proc/io', optional: true } });
  frame.open();
  frame.read();
  frame.read();
  expect(told).toEqual(['/proc/io ENOENT']);
  expect(frame.files.io).toMatchObject({ length: 0, error: 'ENOENT' });
  expect(textOf(frame.files.stat)).toBe('x');
});

test('an optional file that can be opened but not read is told once', () => {
  const { reader, told, root } = fakeMachine({ 'proc/stat': 'x' });
  mkdirSync(join(root, 'proc/io'));
  const frame = reader({ io: { path: '/proc/io', optional: true } });
  frame.open();
  frame.read();
  frame.read();
  expect(told).toEqual(['/proc/io EISDIR']);
  expect(frame.files.io).toMatchObject({ length: 0, error: 'EISDIR' });
});
