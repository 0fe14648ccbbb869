import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { familyOf } from '../../../src/plugins/syscalls/families.js';
import { syscallTable } from '../../../src/plugins/syscalls/syscall-names.js';

const tables = { x86_64: syscallTable('x64'), arm64: syscallTable('arm64') };

test.each([
  ['x86_64', 0, 'read'],
  ['x86_64', 59, 'execve'],
  ['x86_64', 334, 'rseq'],
  ['x86_64', 424, 'pidfd_send_signal'],
  ['x86_64', 450, 'set_mempolicy_home_node'],
  ['arm64', 0, 'io_setup'],
  ['arm64', 63, 'read'],
  ['arm64', 221, 'execve'],
  ['arm64', 222, 'mmap'],
  ['arm64', 450, 'set_mempolicy_home_node'],
] as const)('on %s, %i is %s', (arch, number, name) => {
  expect(tables[arch].names.get(number)).toBe(name);
});

test('a number that nobody has is nameless, and so are all of an unknown architecture', () => {
  expect(tables.x86_64.names.get(400)).toBeUndefined();
  expect(syscallTable('riscv64')).toEqual({ arch: 'riscv64', names: new Map() });
});

test('each name is listed in one family at most, and is the name of a call', () => {
  const source = readFileSync('src/plugins/syscalls/families.ts', 'utf8');
  const listed = [...source.matchAll(/^ {2}\w+: `([^`]*)`/gm)].flatMap(([, names]) => names!.trim().split(/\s+/));
  const known = new Set(Object.values(tables).flatMap(({ names }) => [...names.values()]));
  expect(listed.length).toBeGreaterThan(250);
  expect(listed.filter((name, i) => listed.indexOf(name) !== i)).toEqual([]);
  expect(listed.filter((name) => !known.has(name))).toEqual([]);
});

test.each([
  ['openat', 'file'],
  ['sendto', 'network'],
  ['clone3', 'process'],
  ['mprotect', 'memory'],
  ['futex', 'ipc'],
  ['clock_nanosleep', 'other'],
  [null, 'other'],
])('%s is of the family %s', (name, family) => expect(familyOf(name)).toBe(family));
