import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { replaceFile, unlinkIfThere } from '../../../src/core/files/replace-file.js';
import { temporaryFolder } from '../support/temporary-folder.js';

test('the new content takes the place of the old, and nothing else is left', () => {
  const folder = temporaryFolder();
  replaceFile(join(folder, 'meta.json'), 'old and long');
  replaceFile(join(folder, 'meta.json'), 'näw');
  expect(readFileSync(join(folder, 'meta.json'), 'utf8')).toBe('näw');
  expect(readdirSync(folder)).toEqual(['meta.json']);
});

test('a reader that has the old file open goes on reading the old', () => {
  const folder = temporaryFolder();
  const path = join(folder, 'meta.json');
  replaceFile(path, 'old');
  const before = statSync(path).ino;
  replaceFile(path, 'new');
  expect(statSync(path).ino).not.toBe(before);
});

test('others may not read it', () => {
  const path = join(temporaryFolder(), 'meta.json');
  replaceFile(path, 'x');
  expect(statSync(path).mode & 0o007).toBe(0);
});

test('a link planted at the temporary name is not followed', () => {
  const folder = temporaryFolder();
  const victim = join(folder, 'victim');
  writeFileSync(victim, 'precious');
  symlinkSync(victim, join(folder, 'meta.json.tmp'));
  replaceFile(join(folder, 'meta.json'), 'new');
  expect(readFileSync(victim, 'utf8')).toBe('precious');
  expect(readFileSync(join(folder, 'meta.json'), 'utf8')).toBe('new');
  expect(readdirSync(folder).sort()).toEqual(['meta.json', 'victim']);
});

test('a link at the name itself is replaced, and not followed', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'victim'), 'precious');
  symlinkSync(join(folder, 'victim'), join(folder, 'meta.json'));
  replaceFile(join(folder, 'meta.json'), 'new');
  expect(readFileSync(join(folder, 'victim'), 'utf8')).toBe('precious');
});

test("what a crash left at the temporary name is in nobody's way", () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'meta.json.tmp'), 'half a docu');
  replaceFile(join(folder, 'meta.json'), 'new');
  expect(readdirSync(folder)).toEqual(['meta.json']);
});

test('a failure leaves what was there, and no temporary file', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'meta.json'));
  expect(() => replaceFile(join(folder, 'meta.json'), 'new')).toThrow(expect.objectContaining({ code: 'EISDIR' }));
  expect(readdirSync(folder)).toEqual(['meta.json']);
});

test("a folder that is missing is the system's error", () => {
  const path = join(temporaryFolder(), 'no', 'meta.json');
  expect(() => replaceFile(path, 'new')).toThrow(expect.objectContaining({ code: 'ENOENT' }));
});

test('removing what is not there is no error; anything else is', () => {
  const folder = temporaryFolder();
  expect(() => unlinkIfThere(join(folder, 'x'))).not.toThrow();
  expect(() => unlinkIfThere(folder)).toThrow();
});
