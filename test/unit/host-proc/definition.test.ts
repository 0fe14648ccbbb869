import { expect, test } from 'vitest';
import hostProc from '../../../src/plugins/host-proc/index.js';
import { parseHostProcCase } from '../support/host-proc-case.js';

const target = (pid: number | null) => ({ type: 'pid', pid, startTimeTicks: 1n }) as const;

test('it reads stat, io and status of its target, and can do without the last two', () => {
  expect(hostProc.files({}, target(42), {})).toEqual({
    stat: '/proc/42/stat',
    io: { path: '/proc/42/io', optional: true },
    status: { path: '/proc/42/status', optional: true },
  });
});

test.each([
  ['no target', null],
  ['a target without a process', target(null)],
])('%s is refused in words', (_, view) => {
  expect(() => hostProc.files({}, view, {})).toThrow(/observes one process.*use "system"/);
});

test('it is an oracle', () => {
  expect(hostProc.availableInDeployment.value).toBe(false);
});

test('the keys of a row are the fields, in their order', () => {
  expect(Object.keys(parseHostProcCase('ordinary') ?? {})).toEqual(Object.keys(hostProc.fields));
});
