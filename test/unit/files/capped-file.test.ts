import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CappedFile } from '../../../src/core/files/capped-file.js';
import { temporaryFolder } from '../support/temporary-folder.js';

test('it is created with the first byte', () => {
  const path = join(temporaryFolder(), 'out.log');
  const file = new CappedFile(path, 10);
  file.write('');
  expect(existsSync(path)).toBe(false);
  file.write('a');
  expect(readFileSync(path, 'utf8')).toBe('a');
  file.close();
});

test('what is beyond the cap is dropped and counted, in bytes', () => {
  const path = join(temporaryFolder(), 'out.log');
  const file = new CappedFile(path, 6);
  file.write('äb');
  file.write(Buffer.from('cdefg'));
  file.write('h');
  expect(readFileSync(path)).toEqual(Buffer.from('äbcde'));
  expect([file.written, file.dropped]).toEqual([6, 3]);
  file.close();
});

test('whatever is written, the file holds its beginning and the counts add up', () => {
  const chunks = fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 10 });
  const folder = temporaryFolder();
  let run = 0;
  fc.assert(
    fc.property(chunks, fc.nat(100), (list, limit) => {
      const path = join(folder, `${run++}.log`);
      const file = new CappedFile(path, limit);
      for (const chunk of list) file.write(chunk);
      file.close();
      const all = Buffer.concat(list);
      const held = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
      expect(held).toEqual(all.subarray(0, limit));
      expect([file.written, file.dropped]).toEqual([held.length, all.length - held.length]);
    }),
  );
});

test.each([
  ['a file', false],
  ['a link', true],
])('%s that is there already is not touched; all is dropped', (_, isLink) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'victim'), 'precious');
  if (isLink) symlinkSync(join(folder, 'victim'), join(folder, 'out.log'));
  const file = new CappedFile(join(folder, isLink ? 'out.log' : 'victim'), 100);
  file.write('new');
  expect([file.written, file.dropped]).toEqual([0, 3]);
  expect(readFileSync(join(folder, 'victim'), 'utf8')).toBe('precious');
  file.close();
});

test('closing twice does nothing, and what comes later is dropped', () => {
  const path = join(temporaryFolder(), 'out.log');
  const file = new CappedFile(path, 100);
  file.write('a');
  file.close();
  file.close();
  file.write('b');
  expect(readFileSync(path, 'utf8')).toBe('a');
  expect(file.dropped).toBe(1);
});
