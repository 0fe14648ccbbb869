import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { CollectorContext } from '../../../src/index.js';
import hostThreads from '../../../src/plugins/host-threads/index.js';
import hostTree from '../../../src/plugins/host-tree/index.js';
import { fakeMachine, stat, target } from '../support/fake-machine.js';

const FILES = { 'proc/42/stat': stat(7), 'proc/42/io': 'read_bytes: 0\n', 'proc/42/task/42/children': '' };

function contextOf({ root }: { root: string }, view: unknown = target(7n)) {
  const roots = { proc: join(root, 'proc'), sys: join(root, 'sys') };
  return { options: { io: true }, target: view, roots } as CollectorContext<{ io: boolean }>;
}

test('all that it reads is there', () => {
  expect(hostTree.probe!(contextOf(fakeMachine(FILES)))).toEqual({ status: 'ok' });
  expect(hostThreads.probe!(contextOf(fakeMachine(FILES)))).toEqual({ status: 'ok' });
});

test.each([
  ['task', /does not list children \(CONFIG_PROC_CHILDREN\)/],
  ['io', /io can not be read and is null/],
])('without %s it can do, and says what is missing', (name, reason) => {
  const machine = fakeMachine(FILES);
  rmSync(join(machine.root, 'proc/42', name), { recursive: true });
  expect(hostTree.probe!(contextOf(machine))).toEqual({ status: 'partial', reason: expect.stringMatching(reason) });
});

test.each([hostTree, hostThreads])('on an empty machine it is unavailable', (collector) => {
  expect(collector.probe!(contextOf(fakeMachine({})))).toMatchObject({ status: 'unavailable' });
});

test.each([hostTree, hostThreads])(
  'without a process to observe it is unavailable, and does not start',
  (collector) => {
    const context = contextOf(fakeMachine(FILES), null);
    expect(collector.probe!(context)).toMatchObject({ status: 'unavailable', reason: /one process/ });
    expect(() => collector.create({ io: true }, context).start!()).toThrow(/one process/);
  },
);

test.each([hostTree, hostThreads])('another process of the same pid is refused', (collector) => {
  const sampler = collector.create(
    { io: true },
    contextOf(fakeMachine({ ...FILES, 'proc/42/task/42/stat': stat(7) }), target(8n)),
  );
  expect(() => sampler.start!()).toThrow(/process 42 has ended/);
  sampler.stop!();
});
