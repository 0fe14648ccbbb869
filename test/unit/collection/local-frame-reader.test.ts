import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { LocalFrameReader, underRoot } from '../../../src/core/collection/local-frame-reader.js';
import type { FileSpec, TargetView } from '../../../src/index.js';
import { temporaryFolder } from '../support/temporary-folder.js';

function machine(files: Readonly<Record<string, string>>) {
  const root = temporaryFolder();
  const roots = { proc: join(root, 'proc'), sys: join(root, 'sys') };
  const write = (path: string, content: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  };
  for (const [path, content] of Object.entries(files)) write(path, content);
  const told: string[] = [];
  const reader = (specs: Readonly<Record<string, FileSpec>>, target: TargetView | null = null) => {
    const made = new LocalFrameReader({
      specs,
      roots,
      target,
      onUnreadable: (path, code) => told.push(`${path} ${code}`),
    });
    onTestFinished(() => made.close());
    return made;
  };
  return { root, write, told, reader };
}

const textOf = (file: { bytes: Buffer; length: number } | undefined) => file?.bytes.toString('latin1', 0, file.length);
const stat = (start: number) => `42 (a) S ${'1 '.repeat(18)}${start} ${'0 '.repeat(30)}\n`;
const target = (startTimeTicks: bigint | null): TargetView => ({ type: 'pid', pid: 42, startTimeTicks });

test('files are read from the roots, anew at each tick, into the same objects', () => {
  const { reader, write } = machine({ 'proc/stat': 'one', 'sys/class/x': 'two' });
  const frame = reader({ stat: '/proc/stat', x: '/sys/class/x' });
  const { files } = frame;
  frame.open();
  frame.read();
  expect([textOf(files.stat), textOf(files.x), files.stat?.path]).toEqual(['one', 'two', '/proc/stat']);
  write('proc/stat', '1');
  frame.read();
  expect([textOf(files.stat), files.stat?.error, frame.files]).toEqual(['1', null, files]);
});

test.each([0, 1, 2047, 2048, 2049, 4095, 4096, 4097, 8192, 65536, 65537, 200_000])(
  'a file of %d bytes is read whole',
  (size) => {
    const content = Array.from({ length: size }, (_, i) => String.fromCharCode(33 + (i % 90))).join('');
    const { reader } = machine({ 'proc/long': content });
    const frame = reader({ long: '/proc/long' });
    frame.open();
    for (let tick = 0; tick < 2; tick++) {
      frame.read();
      expect(textOf(frame.files.long) === content).toBe(true);
    }
  },
);

test('a file that grew, and shrank again, is read whole each time', () => {
  const { reader, write } = machine({ 'proc/a': 'x' });
  const frame = reader({ a: '/proc/a' });
  frame.open();
  for (const size of [10, 100_000, 3, 5000, 0]) {
    write('proc/a', 'y'.repeat(size));
    frame.read();
    expect(frame.files.a?.length).toBe(size);
  }
});

test('a real file of procfs that hands out less than asked is read whole', () => {
  const frame = new LocalFrameReader({
    specs: { vmstat: '/proc/vmstat' },
    roots: { proc: '/proc', sys: '/sys' },
    target: null,
    onUnreadable: () => {},
  });
  onTestFinished(() => frame.close());
  frame.open();
  frame.read();
  expect(textOf(frame.files.vmstat)).toMatch(/^nr_free_pages \d+\n[\s\S]*\npgfault \d+\n[\s\S]*\n$/);
});

test('an optional file that is missing is told once, and is empty with its code', () => {
  const { reader, told } = machine({ 'proc/stat': 'x' });
  const frame = reader({ stat: '/proc/stat', io: { path: '/proc/io', optional: true } });
  frame.open();
  frame.read();
  frame.read();
  expect(told).toEqual(['/proc/io ENOENT']);
  expect(frame.files.io).toMatchObject({ length: 0, error: 'ENOENT' });
  expect(textOf(frame.files.stat)).toBe('x');
});

test('an optional file that can be opened but not read is told once', () => {
  const { reader, told, root } = machine({ 'proc/stat': 'x' });
  mkdirSync(join(root, 'proc/io'));
  const frame = reader({ io: { path: '/proc/io', optional: true } });
  frame.open();
  frame.read();
  frame.read();
  expect(told).toEqual(['/proc/io EISDIR']);
  expect(frame.files.io).toMatchObject({ length: 0, error: 'EISDIR' });
});

test("a mandatory file that is missing is the system's error", () => {
  const frame = machine({}).reader({ stat: '/proc/stat' });
  expect(() => frame.open()).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  frame.close();
});

test("a mandatory file that can not be read is the system's error", () => {
  const { reader, root } = machine({});
  mkdirSync(join(root, 'proc/stat'), { recursive: true });
  const frame = reader({ stat: '/proc/stat' });
  frame.open();
  expect(() => frame.read()).toThrow(expect.objectContaining({ code: 'EISDIR' }));
});

test('a kept descriptor goes on reading the file that it opened', () => {
  const { reader, root, write } = machine({ 'proc/42/stat': stat(5) });
  const frame = reader({ stat: '/proc/42/stat' }, target(5n));
  frame.open();
  rmSync(join(root, 'proc/42'), { recursive: true });
  write('proc/42/stat', stat(6));
  frame.read();
  expect(textOf(frame.files.stat)).toBe(stat(5));
});

test.each([
  ['another process', 6n],
  ['the same process', 5n],
  ['a target whose start nobody knows', null],
])('after opening, %s is held against its start time', (name, start) => {
  const frame = machine({ 'proc/42/stat': stat(5) }).reader({ stat: '/proc/42/stat' }, target(start));
  if (name !== 'another process') return expect(() => frame.open()).not.toThrow();
  expect(() => frame.open()).toThrow(expect.objectContaining({ code: 'ESRCH', message: 'process 42 has ended' }));
});

test('a target that has gone before its optional files were opened is ESRCH', () => {
  const frame = machine({}).reader({ io: { path: '/proc/42/io', optional: true } }, target(5n));
  expect(() => frame.open()).toThrow(expect.objectContaining({ code: 'ESRCH' }));
});

test('closing twice does nothing; without open there is nothing to close', () => {
  const frame = machine({ 'proc/stat': 'x' }).reader({ stat: '/proc/stat' });
  frame.close();
  frame.open();
  frame.close();
  frame.close();
});

test.each([
  ['/proc/1/stat', '/p/1/stat'],
  ['/sys/fs', '/s/fs'],
  ['/etc/os-release', '/etc/os-release'],
  ['/process', '/process'],
  ['/system/x', '/system/x'],
])('%s lies at %s', (path, place) => {
  expect(underRoot(path, { proc: '/p', sys: '/s' })).toBe(place);
});
