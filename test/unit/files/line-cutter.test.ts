import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineCutter, MAX_LINE_BYTES, textOf } from '../../../src/core/files/line-cutter.js';

/** What a reader makes of these pieces of a file. */
function cut(pieces: readonly Buffer[]) {
  const cutter = new LineCutter();
  const cuts: { kind: string; text: string; flag: boolean }[] = [];
  for (const piece of pieces) {
    for (let done = 0; done < piece.length; ) {
      const length = piece.copy(cutter.room, 0, done);
      done += length;
      for (const each of cutter.take(length))
        cuts.push({
          ...{ kind: each.kind, text: textOf(each.bytes).text },
          flag: each.kind === 'lines' ? each.isRest : each.isFirst,
        });
    }
  }
  return { cuts, rest: cutter.rest };
}

test('however a file is read, its lines are whole and in their order, and what is behind the last is left', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), (pieces) => {
      const text = pieces.join('');
      const { cuts, rest } = cut(pieces.map((piece) => Buffer.from(piece)));
      const whole = Buffer.from(text);
      const end = whole.lastIndexOf(10) + 1;
      expect(cuts.map((each) => each.text).join('')).toBe(whole.subarray(0, end).toString());
      expect(cuts.every((each) => each.text.endsWith('\n') && !each.flag)).toBe(true);
      expect(rest.bytes.toString()).toBe(whole.subarray(end).toString());
    }),
  );
});

test('a line that is too long is dropped piece by piece, and the next one is whole', () => {
  const { cuts, rest } = cut([Buffer.from('a\n'), Buffer.alloc(2 * MAX_LINE_BYTES + 5, 'x'), Buffer.from('\nb\nc')]);
  const [first, ...others] = cuts;
  expect(first).toEqual({ kind: 'lines', text: 'a\n', flag: false });
  const long = others.filter(({ kind }) => kind === 'long');
  expect(long.map(({ flag }) => flag)).toEqual([true, ...long.slice(1).map(() => false)]);
  expect(others.at(-1)).toMatchObject({ kind: 'lines', flag: true, text: expect.stringMatching(/^x*\nb\n$/) });
  expect(rest).toMatchObject({ bytes: Buffer.from('c'), dropped: 0 });
});
