import { expect, test } from 'vitest';
import { imageId } from '../../../src/core/lab/image/image-id.js';

const file = { path: 'init', mode: 0o755, content: Buffer.from('#!/bin/sh\n') };
const other = { path: 'etc/group', mode: 0o644, content: Buffer.from('') };
const deb = { name: 'libc6', version: '2.36', architecture: 'amd64', sha256: 'a'.repeat(64) };
const inputs = {
  recipeVersion: 1,
  contents: [['bin/busybox'], { tmp: 0o1777 }],
  append: 'quiet',
  guestFiles: [file, other],
  packages: [deb],
};

test('is 16 hexadecimal digits, whatever the order of what goes in', () => {
  expect(imageId(inputs)).toMatch(/^[0-9a-f]{16}$/);
  expect(imageId({ ...inputs, guestFiles: [other, file] })).toBe(imageId(inputs));
});

test.each([
  ['recipe', { recipeVersion: 2 }],
  ['program', { contents: [['bin/busybox', 'usr/bin/perl'], { tmp: 0o1777 }] }],
  ["folder's mode", { contents: [['bin/busybox'], { tmp: 0o755 }] }],
  ['command line', { append: 'quiet psi=1' }],
  ["a file's content", { guestFiles: [{ ...file, content: Buffer.from('#!/bin/sh\n\n') }, other] }],
  ["a file's name", { guestFiles: [{ ...file, path: 'init2' }, other] }],
  ["a file's mode", { guestFiles: [{ ...file, mode: 0o644 }, other] }],
  ["a package's version", { packages: [{ ...deb, version: '2.37' }] }],
  ["a package's architecture", { packages: [{ ...deb, architecture: 'arm64' }] }],
  ["a package's hash", { packages: [{ ...deb, sha256: 'b'.repeat(64) }] }],
  ['one more package', { packages: [deb, { ...deb, name: 'libm6' }] }],
])('another %s is another image', (_, change) => {
  expect(imageId({ ...inputs, ...change })).not.toBe(imageId(inputs));
});
