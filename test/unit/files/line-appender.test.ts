import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LineAppender } from '../../../src/core/files/line-appender.js';
import { temporaryFolder } from '../support/temporary-folder.js';

test('lines are appended whole, and their bytes counted', () => {
  const path = join(temporaryFolder(), 'rows.jsonl');
  const appender = new LineAppender(path);
  appender.append('{"a":1}\n');
  appender.append('{"a":2}\n{"a":3}\n');
  expect(readFileSync(path, 'utf8')).toBe('{"a":1}\n{"a":2}\n{"a":3}\n');
  expect(appender.bytes).toBe(24);
  appender.close();
});

test('many lines at once arrive as they are', () => {
  const path = join(temporaryFolder(), 'rows.jsonl');
  const appender = new LineAppender(path);
  const lines = '{"a":1}\n'.repeat(500_000);
  appender.append(lines);
  appender.close();
  expect(readFileSync(path, 'latin1') === lines).toBe(true);
});

test.each([
  ['a file', (path: string) => writeFileSync(path, 'precious\n')],
  [
    'a link to a file',
    (path: string) => {
      writeFileSync(`${path}.victim`, 'precious\n');
      symlinkSync(`${path}.victim`, path);
    },
  ],
  ['a dangling link', (path: string) => symlinkSync(`${path}.nowhere`, path)],
  ['a folder', (path: string) => mkdirSync(path)],
])('%s that is there already is refused, and not touched', (_, plant) => {
  const path = join(temporaryFolder(), 'rows.jsonl');
  plant(path);
  expect(() => new LineAppender(path)).toThrow(expect.objectContaining({ code: 'EEXIST' }));
  for (const file of [path, `${path}.victim`]) {
    if (_ !== 'a folder' && existsSync(file)) expect(readFileSync(file, 'utf8')).toBe('precious\n');
  }
  expect(existsSync(`${path}.nowhere`)).toBe(false);
});

test('closing twice, and flushing what is closed, do nothing', () => {
  const appender = new LineAppender(join(temporaryFolder(), 'rows.jsonl'));
  appender.sync();
  appender.close();
  appender.close();
  appender.sync();
});
