import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineSplitter } from '../../../src/core/program/line-splitter.js';

function split(chunks: readonly Buffer[], maxBytes = 100) {
  const [lines, long] = [[] as string[], [] as number[]];
  const splitter = new LineSplitter({
    maxBytes,
    onLine: (line) => void lines.push(line.toString('utf8')),
    onLongLine: (bytes) => void long.push(bytes),
  });
  for (const chunk of chunks) splitter.write(chunk);
  splitter.end();
  return { lines, long };
}

const cutEverywhere = (text: string) => [...Buffer.from(text)].map((byte) => Buffer.of(byte));

test('a line may come in pieces, and a piece may hold several lines', () => {
  expect(split([Buffer.from('a\nb'), Buffer.from('c\n\nd\n')]).lines).toEqual(['a', 'bc', '', 'd']);
});

test('what follows the last line feed is a line too', () => {
  expect(split([Buffer.from('a\nb')]).lines).toEqual(['a', 'b']);
});

test('a character may be cut in its middle', () => {
  expect(split(cutEverywhere('käse\n€uro\n')).lines).toEqual(['käse', '€uro']);
});

test('a line at the limit is passed on, one above it is dropped and told with its length', () => {
  const text = `${'x'.repeat(100)}\n${'y'.repeat(101)}\nz\n`;
  expect(split([Buffer.from(text)])).toEqual({ lines: ['x'.repeat(100), 'z'], long: [101] });
  expect(split(cutEverywhere(text))).toEqual({ lines: ['x'.repeat(100), 'z'], long: [101] });
});

test('an overlong line that never ends is told at the end', () => {
  expect(split([Buffer.alloc(70, 'x'), Buffer.alloc(70, 'x')])).toEqual({ lines: [], long: [140] });
});

test('however it is cut, the lines are the same', () => {
  const pieces = fc.array(fc.string({ unit: 'grapheme' }).map((text) => Buffer.from(text)));
  fc.assert(
    fc.property(pieces, (chunks) => {
      const whole = Buffer.concat(chunks);
      expect(split(chunks)).toEqual(split([whole]));
      expect(split([...whole].map((byte) => Buffer.of(byte)))).toEqual(split([whole]));
    }),
  );
});
