import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolders } from '../../../src/core/files/make-folders.js';
import { temporaryFolder } from '../support/temporary-folder.js';

test('what is missing is made, with its mode, and told from the inside out', () => {
  const folder = temporaryFolder();
  const made: string[] = [];
  makeFolders(join(folder, 'a/b/c'), { mode: 0o700, made });
  expect(made).toEqual([join(folder, 'a/b/c'), join(folder, 'a/b'), join(folder, 'a')]);
  expect(made.map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o700, 0o700]);
  makeFolders(join(folder, 'a/b'));
});

test.each(['/proc/cis490', '/proc/cis490/a/b'])('%s can not be made, which is told at once', (path) => {
  expect(() => makeFolders(path)).toThrow('ENOENT');
  expect(existsSync(path)).toBe(false);
});
