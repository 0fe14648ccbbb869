import type * as Fs from 'node:fs';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import { CappedFile } from '../../../src/core/files/capped-file.js';
import { LineAppender } from '../../../src/core/files/line-appender.js';
import { replaceFile } from '../../../src/core/files/replace-file.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** The disk has room for so many bytes more, and hands out at most `chunk` of them a call. */
const disk = vi.hoisted(() => ({ room: Number.POSITIVE_INFINITY, chunk: Number.POSITIVE_INFINITY }));

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof Fs>();
  const writeSync = (fd: number, data: string | Uint8Array, offset?: number | null) => {
    const bytes = typeof data === 'string' ? Buffer.from(data, 'latin1') : data.subarray(offset ?? 0);
    if (disk.room === 0) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    const taken = Math.min(bytes.length, disk.room, disk.chunk);
    disk.room -= taken;
    return fs.writeSync(fd, bytes, 0, taken);
  };
  return { ...fs, writeSync };
});

beforeEach(() => Object.assign(disk, { room: Number.POSITIVE_INFINITY, chunk: Number.POSITIVE_INFINITY }));

const isFull = expect.objectContaining({ code: 'ENOSPC' });

test('rows are cut back to the last whole line, the error is told once, and nothing follows', () => {
  const path = join(temporaryFolder(), 'rows.jsonl');
  const appender = new LineAppender(path);
  appender.append('{"a":1}\n');
  disk.room = 5;
  expect(() => appender.append('{"a":2}\n')).toThrow(isFull);
  disk.room = 1000;
  appender.append('{"a":3}\n');
  expect(readFileSync(path, 'utf8')).toBe('{"a":1}\n');
  expect(appender.bytes).toBe(8);
  appender.close();
});

test('a disk that takes a few bytes a call gets all of them, once', () => {
  const folder = temporaryFolder();
  disk.chunk = 3;
  const appender = new LineAppender(join(folder, 'rows.jsonl'));
  appender.append('{"a":1}\n{"a":2}\n');
  appender.close();
  replaceFile(join(folder, 'meta.json'), '{"ä": 1}\n');
  const file = new CappedFile(join(folder, 'prints.log'), 100);
  file.write('a long print\n');
  file.close();
  expect(readFileSync(join(folder, 'rows.jsonl'), 'utf8')).toBe('{"a":1}\n{"a":2}\n');
  expect(readFileSync(join(folder, 'meta.json'), 'utf8')).toBe('{"ä": 1}\n');
  expect(readFileSync(join(folder, 'prints.log'), 'utf8')).toBe('a long print\n');
});

test('a document that does not fit leaves the old one, and no temporary file', () => {
  const path = join(temporaryFolder(), 'meta.json');
  writeFileSync(path, 'old');
  disk.room = 5;
  expect(() => replaceFile(path, 'new and long')).toThrow(isFull);
  expect(readFileSync(path, 'utf8')).toBe('old');
  expect(existsSync(`${path}.tmp`)).toBe(false);
});

test('a print that does not fit is counted, and never thrown', () => {
  const file = new CappedFile(join(temporaryFolder(), 'prints.log'), 100);
  disk.room = 4;
  file.write('0123456789');
  expect([file.written, file.dropped]).toEqual([4, 6]);
  file.close();
});
