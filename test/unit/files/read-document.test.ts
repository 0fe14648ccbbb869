import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, readSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openRegular } from '../../../src/core/files/open-regular.js';
import { readDocument } from '../../../src/core/files/read-document.js';
import { temporaryFolder } from '../support/temporary-folder.js';

test('a regular file is opened, and its size told', () => {
  const path = join(temporaryFolder(), 'meta.json');
  writeFileSync(path, '{"ü":1}');
  const { fd, bytes } = openRegular(path);
  expect(readSync(fd, Buffer.alloc(100))).toBe(bytes);
  closeSync(fd);
  expect(readDocument(path)).toBe('{"ü":1}');
});

test.each<[string, RegExp, (path: string) => void]>([
  ['nothing', /does not exist/, () => {}],
  ['a link', /is a symbolic link/, (path) => symlinkSync('/etc/hostname', path)],
  ['a dangling link', /is a symbolic link/, (path) => symlinkSync('/nowhere', path)],
  ['a folder', /is no regular file/, (path) => mkdirSync(path)],
  ['a FIFO that nobody writes', /is no regular file/, (path) => spawnSync('mkfifo', [path])],
])('%s is refused in words, and not waited for', (_, words, make) => {
  const path = join(temporaryFolder(), 'meta.json');
  make(path);
  expect(() => readDocument(path)).toThrow(words);
});

test('a document that is too long is refused before it is read', () => {
  const path = join(temporaryFolder(), 'meta.json');
  writeFileSync(path, '');
  truncateSync(path, 64 * 1024 * 1024 + 1);
  expect(() => readDocument(path)).toThrow(/at most/);
});
