import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fastCiphers, hasAes } from '../../../src/destinations/rsync/ciphers.js';
import { temporaryFolder } from '../../support/cli.js';

test('the fast ciphers go first, the others stay in their order', () => {
  const all = 'chacha20-poly1305@openssh.com,aes256-ctr,aes256-gcm@openssh.com,aes128-gcm@openssh.com';
  expect(fastCiphers(`host x\nciphers ${all}\nmacs y\n`)).toEqual([
    '-o',
    'Ciphers=aes128-gcm@openssh.com,aes256-gcm@openssh.com,chacha20-poly1305@openssh.com,aes256-ctr',
  ]);
});

test('what the configuration does not allow is not brought in', () => {
  expect(fastCiphers('ciphers chacha20-poly1305@openssh.com,aes256-gcm@openssh.com\n')[1]).toBe(
    'Ciphers=aes256-gcm@openssh.com,chacha20-poly1305@openssh.com',
  );
  expect(fastCiphers('ciphers chacha20-poly1305@openssh.com\n')).toEqual([]);
  expect(fastCiphers('')).toEqual([]);
});

test.each([
  ['flags\t\t: fpu vme aes avx', true],
  ['Features\t: fp asimd aes pmull', true],
  ['flags\t\t: fpu vme vaes_not', false],
])('%j: %s', async (text, expected) => {
  const path = join(temporaryFolder(), 'cpuinfo');
  writeFileSync(path, `processor\t: 0\n${text}\nbugs : x\n`);
  expect(await hasAes(path)).toBe(expected);
});

test('a system that does not tell has none', async () => {
  expect(await hasAes('/nowhere/cpuinfo')).toBe(false);
});
