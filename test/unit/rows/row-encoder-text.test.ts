import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Fields } from '../../../src/index.js';
import { compileEncoder, compileSchema } from '../support/row-harness.js';

const text = (maxLength: number) =>
  ({ a: { type: 'string', kind: 'info', description: 'd', maxLength } }) as const satisfies Fields;
const encode = compileEncoder(text(4096));

test.each([
  ['unicode', 'Grüße, 世界 🌍'],
  ['terminal escapes', '\u001b[31mred\u001b[0m\u009b1m\u0007\u007f'],
  ['lone surrogates', '\ud800 \udfff'],
  ['line separators', '\u2028\u2029\r\n'],
  ['quotes and backslashes', '"\\"'],
])('%s come out as printable ASCII, and are read back', (_, value) => {
  const line = encode({ a: value });
  expect(line).toMatch(/^[\x20-\x7e]*\n$/);
  expect(JSON.parse(line).a).toBe(value);
});

test('any string comes out as printable ASCII, and is read back', () => {
  const units = fc.array(fc.integer({ min: 0, max: 0xffff })).map((codes) => String.fromCharCode(...codes));
  fc.assert(
    fc.property(units, (value) => {
      const line = encode({ a: value });
      expect(line).toMatch(/^[\x20-\x7e]*\n$/);
      expect(JSON.parse(line).a).toBe(value);
    }),
  );
});

test('a length is counted as the schema counts it: an emoji is one character', () => {
  expect(
    compileSchema(text(2))(
      JSON.parse(
        '{"t_mono_ns":0,"t_wall_ns":0,"source":"s","available_in_deployment":true,"tick":0,"epoch":0,"a":"🌍🌍"}',
      ),
    ),
  ).toBe(true);
  expect(() => compileEncoder(text(2))({ a: '🌍🌍' })).not.toThrow();
  expect(() => compileEncoder(text(2))({ a: '🌍🌍🌍' })).toThrow();
});
