import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { keepWholeLines } from '../../../src/core/files/keep-whole-lines.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const LONG = 'x'.repeat(3_000_000);

test.each([
  ['', '', 0],
  ['torn', '', 0],
  ['a\nb\n', 'a\nb\n', 2],
  ['a\nb\nto', 'a\nb\n', 2],
  [`${LONG}\n${LONG}\n${LONG}`, `${LONG}\n${LONG}\n`, 2],
])('of each file the whole lines stay (%#)', (before, after, lines) => {
  const path = join(temporaryFolder(), 'rows.jsonl');
  writeFileSync(path, before);
  expect(keepWholeLines(path)).toEqual({ lines, bytes: after.length });
  expect(readFileSync(path, 'utf8') === after).toBe(true);
});

test('a link in its place is not followed', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'precious'), 'no line');
  symlinkSync('precious', join(folder, 'rows.jsonl'));
  expect(() => keepWholeLines(join(folder, 'rows.jsonl'))).toThrow('ELOOP');
  expect(readFileSync(join(folder, 'precious'), 'utf8')).toBe('no line');
});
