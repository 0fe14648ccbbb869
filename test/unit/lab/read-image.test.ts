import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { readImage } from '../../../src/core/lab/image/read-image.js';
import { labFolder } from '../../../src/core/lab/lab-folder.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const sha256 = 'ab'.repeat(32);
const manifest = {
  schema_version: 1,
  id: '0123456789abcdef',
  recipe_version: 1,
  created_by: { name: 'cis490', version: '1.0.0' },
  kernel: { release: '6.1.0', file: 'vmlinuz', bytes: 6, sha256 },
  initrd: { file: 'initrd', bytes: 5, sha256 },
  packages: [{ name: 'libc6', version: '2.36', architecture: 'amd64', sha256 }],
  append: 'quiet',
  agent_port: 'org.qemu.guest_agent.0',
};

function image(change: object = {}): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ ...manifest, ...change }));
  writeFileSync(join(folder, 'vmlinuz'), 'kernel');
  writeFileSync(join(folder, 'initrd'), 'files');
  return folder;
}

test('reads an image, whose folder stays the same when another becomes the default one', () => {
  const lab = temporaryFolder();
  vi.stubEnv('CIS490_LAB', lab);
  mkdirSync(join(lab, 'images'));
  const folder = image();
  symlinkSync(folder, join(lab, 'images/current'));
  const expected = { folder, kernelPath: join(folder, 'vmlinuz'), initrdPath: join(folder, 'initrd'), manifest };
  expect(readImage()).toEqual(expected);
  expect(readImage(folder)).toEqual(expected);
  vi.unstubAllEnvs();
});

test('without an image says how to make one', () => {
  vi.stubEnv('CIS490_LAB', temporaryFolder());
  expect(() => readImage()).toThrow(
    expect.objectContaining({ code: 'LAB_IMAGE_MISSING', hint: expect.stringContaining('cis490 lab build') }),
  );
  expect(() => readImage('/usr')).toThrow(/^\/usr is no lab image$/);
  vi.unstubAllEnvs();
});

test.each([
  ['a kernel of another size', { kernel: { ...manifest.kernel, bytes: 7 } }, /has 6 bytes where its manifest says 7/],
  ['a file that is missing', { initrd: { ...manifest.initrd, file: 'other' } }, /other is missing/],
  ['a file elsewhere', { initrd: { ...manifest.initrd, file: '../initrd' } }, /is no manifest/],
  ['a hidden file', { initrd: { ...manifest.initrd, file: '..' } }, /is no manifest/],
  ['another version', { schema_version: 2 }, /is no manifest/],
  ['no command line', { append: undefined }, /is no manifest/],
  ['packages of another shape', { packages: [null] }, /is no manifest/],
])('%s is refused', (_, change, message) => {
  expect(() => readImage(image(change))).toThrow(
    expect.objectContaining({ code: 'LAB_IMAGE_INVALID', message: expect.stringMatching(message) }),
  );
});

test('a manifest that is no JSON is refused', () => {
  const folder = image();
  writeFileSync(join(folder, 'manifest.json'), '{');
  expect(() => readImage(folder)).toThrow(expect.objectContaining({ code: 'LAB_IMAGE_INVALID' }));
});

test('the lab lies in the cache of its user, unless told', () => {
  expect(labFolder({ HOME: '/home/a' })).toBe('/home/a/.cache/cis490/lab');
  expect(labFolder({ HOME: '/home/a', XDG_CACHE_HOME: '/var/c' })).toBe('/var/c/cis490/lab');
  expect(labFolder({ HOME: '/home/a', XDG_CACHE_HOME: 'relative' })).toBe('/home/a/.cache/cis490/lab');
  expect(labFolder({ HOME: '/home/a', CIS490_LAB: '/lab' })).toBe('/lab');
});
