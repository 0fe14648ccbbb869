import { mkdirSync, readdirSync, readlinkSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type KeptFile, KeptFiles } from '../../../src/core/procfs/kept-files.js';
import { temporaryFolder } from '../support/temporary-folder.js';

function place(limit: number) {
  const folder = temporaryFolder();
  const kept = new KeptFiles({ limit, procRoot: folder });
  onTestFinished(() => kept.closeAll());
  const file = (name: string, content = name): KeptFile => {
    writeFileSync(join(folder, name), content);
    return { path: join(folder, name), fd: -1 };
  };
  const text = (it: KeptFile) => {
    const length = kept.read(it);
    return kept.bytes.toString('latin1', 0, length);
  };
  const open = () => readdirSync('/proc/self/fd').filter((fd) => linkOf(fd).startsWith(folder)).length;
  return { folder, kept, file, text, open };
}

function linkOf(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return ''; // the one that listed the folder
  }
}

test('a kept descriptor reads the file that it was opened for, whatever its path means by now', () => {
  const { file, text, folder } = place(2);
  const first = file('a', 'first');
  expect(text(first)).toBe('first');
  writeFileSync(join(folder, 'b'), 'second');
  renameSync(join(folder, 'b'), first.path);
  expect(text(first)).toBe('first');
});

test('beyond the limit nothing is kept, and everything can be read', () => {
  const { file, text, open } = place(2);
  const files = ['a', 'b', 'c', 'd'].map((name) => file(name));
  expect([...files, ...files].map(text).join('')).toBe('abcdabcd');
  expect(open()).toBe(2);
});

test('what is closed makes room for another', () => {
  const { file, text, kept } = place(1);
  const [a, b] = [file('a'), file('b')];
  text(a);
  kept.close(a);
  text(b);
  expect([a.fd < 0, b.fd >= 0]).toEqual([true, true]);
});

test('closing is idempotent, and leaves nothing open', () => {
  const { file, text, kept, open } = place(9);
  const a = file('a');
  text(a);
  for (let i = 0; i < 2; i++) kept.close(a);
  for (let i = 0; i < 2; i++) kept.closeAll();
  expect(open()).toBe(0);
});

test('a file longer than the buffer is read whole', () => {
  const { file, text } = place(1);
  const content = '0123456789'.repeat(5_000);
  const long = file('long', content);
  expect([text(long), text(long)]).toEqual([content, content]);
});

test('of the descriptors that the recorder may have it keeps a quarter', () => {
  const { file, text, open, folder } = place(100);
  mkdirSync(join(folder, 'self'));
  writeFileSync(
    join(folder, 'self/limits'),
    'Max open files            12                   4096                 files\n',
  );
  for (const name of 'abcdef') text(file(name));
  expect(open()).toBe(3);
});
