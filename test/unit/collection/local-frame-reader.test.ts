import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { LocalFrameReader, underRoot } from '../../../src/core/collection/local-frame-reader.js';
import { fakeMachine, textOf } from '../support/fake-machine.js';

test('files are read from the roots, anew at each tick, into the same objects', () => {
  const { reader, write } = fakeMachine({ 'proc/stat': 'one', 'sys/class/x': 'two' });
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
    const { reader } = fakeMachine({ 'proc/long': content });
    const frame = reader({ long: '/proc/long' });
    frame.open();
    for (let tick = 0; tick < 2; tick++) {
      frame.read();
      expect(textOf(frame.files.long) === content).toBe(true);
    }
  },
);

test('a file that grew, and shrank again, is read whole each time', () => {
  const { reader, write } = fakeMachine({ 'proc/a': 'x' });
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

test("a mandatory file that is missing is the system's error", () => {
  const frame = fakeMachine({}).reader({ stat: '/proc/stat' });
  expect(() => frame.open()).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  frame.close();
});

test("a mandatory file that can not be read is the system's error", () => {
  const { reader, root } = fakeMachine({});
  mkdirSync(join(root, 'proc/stat'), { recursive: true });
  const frame = reader({ stat: '/proc/stat' });
  frame.open();
  expect(() => frame.read()).toThrow(expect.objectContaining({ code: 'EISDIR' }));
});

test('closing twice does nothing; without open there is nothing to close', () => {
  const frame = fakeMachine({ 'proc/stat': 'x' }).reader({ stat: '/proc/stat' });
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
