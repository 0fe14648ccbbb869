import { expect, test } from 'vitest';
import { isAbandoned, ownerMark } from '../../../src/core/recorder/owner-mark.js';

/** No process has so high a pid. */
const DEAD = ownerMark().replace(/-\d+-\d+$/, '-4999999-1');
const OTHER_BOOT = (mark: string) => mark.replace(/^\w{8}/, (boot) => (boot === '01234567' ? '76543210' : '01234567'));

test('the mark of this process is that of one that lives', () => {
  expect(isAbandoned(ownerMark())).toBe(false);
});

test('a process that is gone has abandoned what bears its mark, also where another has its pid', () => {
  expect(isAbandoned(DEAD)).toBe(true);
  expect(isAbandoned(ownerMark().replace(/-\d+$/, '-1'))).toBe(true);
});

test.each([
  ['of another boot, or of a machine that shares the folder', OTHER_BOOT(DEAD)],
  ['of a container', DEAD.replace(/-\d+-/, '-17-')],
  ['that is none', 'x'],
])('a mark %s can not be judged', (_what, mark) => {
  expect(isAbandoned(mark)).toBe(false);
});
