import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listProcesses, readEnvironment, readProcessLink } from '../../../src/core/procfs/process-list.js';
import { temporaryFolder } from '../support/temporary-folder.js';

function fakeProc(): string {
  const proc = temporaryFolder();
  const stat = (pid: number) => `${pid} (a b) S 1 2 3 ${'0 '.repeat(13)}4 0 99 ${'0 '.repeat(30)}\n`;
  for (const pid of [1, 42, 43]) mkdirSync(join(proc, String(pid)));
  for (const pid of [1, 42]) writeFileSync(join(proc, String(pid), 'stat'), stat(pid));
  mkdirSync(join(proc, 'sys'));
  return proc;
}

test('every process is listed; one that has gone meanwhile, and what is no process, is left out', () => {
  const list = listProcesses(fakeProc());
  expect(list.map(({ pid }) => pid).sort()).toEqual([1, 42]);
  expect(list[0]).toMatchObject({ comm: 'a b', ppid: 1, pgrp: 2, session: 3, threads: 4, startTimeTicks: 99n });
});

test('an environment is read by name; a value may hold anything but NUL', () => {
  const proc = fakeProc();
  writeFileSync(join(proc, '42/environ'), 'A=1\0B=x=y\nz\0EMPTY=\0');
  const environment = readEnvironment(proc, 42);
  expect([environment.get('A'), environment.get('B'), environment.get('EMPTY'), environment.get('C')]).toEqual([
    '1',
    'x=y\nz',
    '',
    undefined,
  ]);
});

test('an environment that can not be read is empty, a link is null', () => {
  expect(readEnvironment(fakeProc(), 43).size).toBe(0);
  expect(readProcessLink(fakeProc(), 43, 'exe')).toBeNull();
});

test('a link is told as it is, also when it leads nowhere', () => {
  const proc = fakeProc();
  symlinkSync('/usr/bin/gone (deleted)', join(proc, '42/exe'));
  expect(readProcessLink(proc, 42, 'exe')).toBe('/usr/bin/gone (deleted)');
});
