import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Prints } from '../../../src/core/collection/prints.js';
import { CappedFile } from '../../../src/core/files/capped-file.js';
import { temporaryFolder } from '../support/temporary-folder.js';

function artifact(limit = 1e6) {
  const path = join(temporaryFolder(), 'gpu.log');
  const file = new CappedFile(path, limit);
  onTestFinished(() => file.close());
  return { path, file };
}

/** Puts the process's own streams back, whatever the test does to them. */
function capture(prints: Prints): void {
  const { stdout, stderr } = process;
  const writes = [stdout.write, stderr.write] as const;
  prints.capture();
  onTestFinished(() => {
    [stdout.write, stderr.write] = writes;
  });
}

test('what was printed before there is a file goes into it first', () => {
  const { path, file } = artifact();
  const prints = new Prints();
  prints.write('early\n');
  prints.direct(file);
  prints.write('late\n');
  expect(readFileSync(path, 'utf8')).toBe('early\nlate\n');
});

test('without a print there is no file', () => {
  const { path, file } = artifact();
  new Prints().direct(file);
  expect(existsSync(path)).toBe(false);
});

test('early prints are kept up to 64 KiB', () => {
  const { file } = artifact();
  const prints = new Prints();
  for (let i = 0; i < 100; i++) prints.write('x'.repeat(1024));
  prints.direct(file);
  expect(file.written).toBe(64 * 1024);
});

test('later prints are capped by their file', () => {
  const { file } = artifact(10);
  const prints = new Prints();
  prints.direct(file);
  prints.write('0123456789abc');
  expect([file.written, file.dropped]).toEqual([10, 3]);
});

test('what the plugin writes on stdout and stderr is taken, whatever its form, and its callback called', async () => {
  const { path, file } = artifact();
  const prints = new Prints();
  prints.direct(file);
  capture(prints);
  const called = await Promise.all([
    new Promise((done) => process.stdout.write('out ', () => done(1))),
    new Promise((done) => process.stderr.write(Buffer.from('err '), () => done(2))),
    new Promise((done) => process.stdout.write('ü\n', 'utf8', () => done(3))),
  ]);
  expect(called).toEqual([1, 2, 3]);
  expect(readFileSync(path, 'utf8')).toBe('out err ü\n');
});

test('bytes that are no UTF-8 are taken as they are', () => {
  const { path, file } = artifact();
  const prints = new Prints();
  prints.direct(file);
  capture(prints);
  process.stdout.write(Buffer.from([0xff, 0x00, 0xc3]));
  process.stdout.write(Buffer.from([0xbc]));
  expect([...readFileSync(path)]).toEqual([0xff, 0x00, 0xc3, 0xbc]);
});
