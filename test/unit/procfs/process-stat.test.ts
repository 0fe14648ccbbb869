import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hasEnded, parseProcessStat, readProcessStat, startTimeTicks } from '../../../src/core/procfs/process-stat.js';
import { HOST_PROC_FIXTURES } from '../support/host-proc-case.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const textOf = (name: string) => readFileSync(join(HOST_PROC_FIXTURES, name, 'proc/4242/stat'), 'latin1');

test('an ordinary process', () => {
  expect(parseProcessStat(textOf('ordinary'))).toEqual({
    comm: 'node',
    state: 'S',
    ppid: 7331,
    pgrp: 7331,
    session: 5072,
    threads: 7,
    startTimeTicks: 382715n,
  });
});

test.each([
  ['comm-with-parentheses-and-spaces', '(a b ) ( c d) ', 382867n],
  ['comm-that-mimics-fields', ') R 1 1\n1 (x', 385684n],
  ['kernel-thread', 'kthreadd', 30n],
])('%s keeps its name and its fields', (name, comm, start) => {
  expect(parseProcessStat(textOf(name))).toMatchObject({ comm, state: 'S', startTimeTicks: start });
});

test('a start time of 64 bits is exact', () => {
  const text = textOf('ordinary').replace(' 382715 ', ' 18446744073709551615 ');
  expect(parseProcessStat(text)?.startTimeTicks).toBe(18446744073709551615n);
});

test.each(['ordinary', 'comm-that-mimics-fields', 'comm-of-64-bytes'])(
  '%s torn anywhere is null, or right: never another process',
  (name) => {
    const text = textOf(name);
    const whole = parseProcessStat(text);
    for (let length = 0; length < text.length; length++) {
      expect([null, whole], `cut after ${length} bytes`).toContainEqual(parseProcessStat(text.slice(0, length)));
    }
  },
);

test.each(['', 'x', '()', '1 (a) S', `1 (a) ${'x '.repeat(60)}`, `1 a ${'1 '.repeat(60)}`])(
  '%j is null, not an error',
  (text) => {
    expect(parseProcessStat(text)).toBeNull();
  },
);

test('a process that is not there is null', () => {
  expect(readProcessStat(temporaryFolder(), 42)).toBeNull();
  expect(startTimeTicks(temporaryFolder(), 42)).toBeNull();
});

test('it is read from the root given', () => {
  const proc = temporaryFolder();
  mkdirSync(join(proc, '42'));
  writeFileSync(join(proc, '42/stat'), textOf('zombie'));
  expect(startTimeTicks(proc, 42)).toBe(383012n);
  expect(hasEnded(readProcessStat(proc, 42)!)).toBe(true);
});

test.each([
  ['X', 1, true],
  ['X', 5, true],
  ['x', 1, true],
  ['Z', 1, true],
  ['Z', 0, true],
  ['Z', 2, false],
  ['R', 1, false],
  ['S', 1, false],
  ['D', 1, false],
  ['T', 1, false],
  ['t', 1, false],
  ['I', 1, false],
])('state %s with %d threads has ended: %s', (state, threads, expected) => {
  const stat = { comm: 'a', ppid: 1, pgrp: 1, session: 1, startTimeTicks: 1n, state, threads };
  expect(hasEnded(stat)).toBe(expected);
});
