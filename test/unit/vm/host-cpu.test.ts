import { release } from 'node:os';
import { expect, test } from 'vitest';
import { hostCpu } from '../../../src/core/vm/host-cpu.js';

test('of the first CPU what a guest sees stays, and not how fast it runs just now', () => {
  const cpu = 'processor\t: 0\nmodel name\t: Some CPU\ncpu MHz\t\t: 2893.2\nflags\t\t: fpu vme\n';
  expect(hostCpu(`${cpu}\n${cpu.replace('Some', 'Other')}\n`)).toEqual([
    release(),
    'model name\t: Some CPU',
    'flags\t\t: fpu vme',
  ]);
});
