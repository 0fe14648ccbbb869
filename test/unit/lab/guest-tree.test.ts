import { lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { guestModules, readGuestFiles } from '../../../src/core/lab/image/guest-files.js';
import { kernelRelease, makeGuestTree } from '../../../src/core/lab/image/guest-tree.js';
import { LIBRARIES, PROGRAMS } from '../../../src/core/lab/image/recipe.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const MODULES = 'lib/modules/6.1.0-1/kernel';
const guestFiles = [
  { path: 'init', mode: 0o755, content: Buffer.from('#!/bin/sh\n') },
  { path: 'etc/modules', mode: 0o644, content: Buffer.from('virtio\next4\nvmgenid optional\n') },
];

/** Unpacked packages, with these changes; null takes a file away. */
function unpacked(changes: Readonly<Record<string, string | null>> = {}): string {
  const root = temporaryFolder();
  const files: Record<string, string | null> = {
    ...Object.fromEntries(PROGRAMS.map((path) => [path, path])),
    ...Object.fromEntries(LIBRARIES.map((name) => [`usr/lib/x86_64-linux-gnu/${name}`, name])),
    [`${MODULES}/drivers/virtio/virtio.ko`]: 'virtio',
    [`${MODULES}/../modules.builtin`]: 'kernel/fs/ext4/ext4.ko\n',
    ...changes,
  };
  for (const [path, content] of Object.entries(files)) {
    if (content === null) continue;
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

const make = (packages: string) => makeGuestTree({ packages, guestFiles, tree: join(temporaryFolder(), 'tree') });

test('lays out programs, libraries, modules and our files, with modes and times of its own', () => {
  const packages = unpacked();
  const tree = join(temporaryFolder(), 'tree');
  const umask = process.umask(0o077);
  const names = makeGuestTree({ packages, guestFiles, tree });
  process.umask(umask);
  expect(names).toEqual([...names].sort());
  expect(names).toContain('lib/x86_64-linux-gnu/libc.so.6');
  expect(readFileSync(join(tree, 'lib/modules/virtio.ko'), 'utf8')).toBe('virtio');
  const modes = { usr: 0o755, tmp: 0o1777, root: 0o700, init: 0o755, 'etc/modules': 0o644, 'bin/busybox': 0o755 };
  for (const [path, mode] of Object.entries(modes)) expect(lstatSync(join(tree, path)).mode & 0o7777, path).toBe(mode);
  for (const name of names) expect(lstatSync(join(tree, name)).mtimeMs, name).toBe(0);
  expect(kernelRelease(packages)).toBe('6.1.0-1');
});

test('the last name is the one by which the guest knows that all of it fitted into its memory', () => {
  expect(make(unpacked()).at(-1)).toBe('var/tmp');
  expect(
    readGuestFiles()
      .find(({ path }) => path === 'init')
      ?.content.toString(),
  ).toContain('[ ! -L /var/tmp ]');
});

test.each([
  ['a program', { 'usr/sbin/qemu-ga': null }, /none of the packages has the file usr\/sbin\/qemu-ga/],
  ['a library', { 'usr/lib/x86_64-linux-gnu/libc.so.6': null }, /has the file lib\/x86_64-linux-gnu\/libc.so.6 or usr/],
  [
    'a module',
    { [`${MODULES}/drivers/virtio/virtio.ko`]: null, [`${MODULES}/x.ko`]: '' },
    /the kernel 6.1.0-1 has no module "virtio"/,
  ],
])('packages that lack %s are refused', (_, changes, message) => {
  expect(() => make(unpacked(changes))).toThrow(
    expect.objectContaining({ code: 'LAB_BUILD_FAILED', message: expect.stringMatching(message) }),
  );
});

test('a link out of the packages takes no file of this machine', () => {
  const packages = unpacked({ 'bin/busybox': null });
  mkdirSync(join(packages, 'bin'), { recursive: true });
  symlinkSync('/etc/passwd', join(packages, 'bin/busybox'));
  expect(() => make(packages)).toThrow(/none of the packages has the file bin\/busybox/);
});

test("our files: what begins with #! can be run, and the agent's port is among the modules", () => {
  const files = readGuestFiles();
  const mode = (path: string) => files.find((file) => file.path === path)?.mode;
  expect([mode('init'), mode('sbin/lab-net'), mode('sbin/lab-scratch')]).toEqual([0o755, 0o755, 0o755]);
  expect([mode('etc/passwd'), mode('etc/inittab')]).toEqual([0o644, 0o644]);
  expect(guestModules(files)).toContainEqual({ name: 'virtio_console', isOptional: false });
  expect(guestModules(files)).toContainEqual({ name: 'vmgenid', isOptional: true });
});
