import { expect, test } from 'vitest';
import hostNet from '../../../src/plugins/host-net/index.js';

const target = (pid: number | null) => ({ type: 'pid', pid, startTimeTicks: 1n }) as const;

test('it opens net/dev anew, and behind it reads stat, which only the same process answers', () => {
  expect(Object.entries(hostNet.files({}, target(42), {}))).toEqual([
    ['netDev', { path: '/proc/42/net/dev', reopen: true }],
    ['stat', '/proc/42/stat'],
  ]);
});

test('a target without a process is refused in words', () => {
  expect(() => hostNet.files({}, target(null), {})).toThrow(/observes one process.*use "system"/);
});
