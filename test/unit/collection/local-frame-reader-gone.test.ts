import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { FileSpec } from '../../../src/index.js';
import { fakeMachine, stat, target, textOf } from '../support/fake-machine.js';

const NET_DEV = { path: '/proc/42/net/dev', reopen: true };

/** A target whose file by path goes away while it is observed; `after` is its stat then, null where it is gone too. */
function vanishing(after: string | null, spec: FileSpec = NET_DEV, startTimeTicks: bigint | null = 5n) {
  const { reader, root, write, told } = fakeMachine({ 'proc/42/stat': stat(5), 'proc/42/net/dev': 'one' });
  const frame = reader({ netDev: spec }, target(startTimeTicks));
  frame.open();
  frame.read();
  expect(textOf(frame.files.netDev)).toBe('one');
  rmSync(join(root, 'proc/42'), { recursive: true });
  if (after !== null) write('proc/42/stat', after);
  return { frame, told };
}

test.each([
  ['with its process', null],
  ['with its process, whose pid went to another', stat(6)],
  ['with all but the zombie', stat(5, 'Z')],
])('a reopened file that goes %s is ESRCH', (_, after) => {
  for (const optional of [false, true]) {
    const { frame, told } = vanishing(after, { ...NET_DEV, optional });
    expect(() => frame.read()).toThrow(expect.objectContaining({ code: 'ESRCH', message: 'process 42 has ended' }));
    expect(told).toEqual([]);
  }
});

test('a reopened file that goes with the first thread of its process is ESRCH: it has no namespaces any more', () => {
  const dying = stat(5, 'Z', 7);
  expect(() => vanishing(dying).frame.read()).toThrow(
    expect.objectContaining({ code: 'ESRCH', message: 'the first thread of process 42 has ended' }),
  );
});

test.each([
  ['while its process lives', 5n, stat(5)],
  ['of a process whose start nobody knows', null, null],
])("a reopened file that goes %s is the system's error", (_, start, after) => {
  const { frame } = vanishing(after, NET_DEV, start);
  expect(() => frame.read()).toThrow(expect.objectContaining({ code: 'ENOENT' }));
});

test('a reopened optional file that goes while its process lives is told once', () => {
  const { frame, told } = vanishing(stat(5), { ...NET_DEV, optional: true });
  frame.read();
  frame.read();
  expect(told).toEqual(['/proc/42/net/dev ENOENT']);
  expect(frame.files.netDev).toMatchObject({ length: 0, error: 'ENOENT' });
});

test('a reopened file follows its path, a kept one does not', () => {
  const { reader, root, write } = fakeMachine({ 'proc/42/net/dev': 'one', 'proc/42/stat': stat(5) });
  const frame = reader({ anew: NET_DEV, kept: NET_DEV.path }, target(5n));
  frame.open();
  rmSync(join(root, 'proc/42/net/dev'));
  write('proc/42/net/dev', 'two');
  frame.read();
  expect([textOf(frame.files.anew), textOf(frame.files.kept)]).toEqual(['two', 'one']);
});

test('a mandatory file that is missing since its process has ended is ESRCH', () => {
  const frame = fakeMachine({}).reader({ stat: '/proc/42/stat' }, target(5n));
  expect(() => frame.open()).toThrow(expect.objectContaining({ code: 'ESRCH' }));
});
