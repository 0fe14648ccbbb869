import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asciiJson, escapeNonAscii } from '../../../src/core/json/ascii-json.js';

test('any string comes out as printable ASCII, and is read back', () => {
  const units = fc.array(fc.integer({ min: 0, max: 0xffff })).map((codes) => String.fromCharCode(...codes));
  fc.assert(
    fc.property(units, (text) => {
      expect(asciiJson(text)).toMatch(/^"[\x20-\x7e]*"$/);
      expect(JSON.parse(asciiJson(text))).toBe(text);
    }),
  );
});

test('ASCII stays as it is', () => {
  expect(asciiJson('a "quoted" \\ word')).toBe(JSON.stringify('a "quoted" \\ word'));
  expect(escapeNonAscii('{"a":1}')).toBe('{"a":1}');
});

test('what is not printable is escaped: DEL, C1 controls, line separators, each half of an emoji', () => {
  expect(escapeNonAscii('"\x7f\x9b\u2028🌍"')).toBe('"\\u007f\\u009b\\u2028\\ud83c\\udf0d"');
});
