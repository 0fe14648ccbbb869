import { expect, test } from 'vitest';
import { parseLine } from '../../../src/core/program/json-line-row.js';

test('integers come out to the last digit', () => {
  expect(parseLine('{"a":18446744073709551615,"b":1.5,"c":7}', {})).toEqual({
    row: { a: 18446744073709551615n, b: 1.5, c: 7 },
    monotonicNs: null,
  });
});

test('the time is taken out of the row, exactly', () => {
  expect(parseLine('{"a":1,"clock_monotonic_ns":9007199254740993}', {})).toEqual({
    row: { a: 1 },
    monotonicNs: 9007199254740993n,
  });
});

test('what is left out and may be null is null, in records too', () => {
  const b = { type: 'string', kind: 'state', nullable: true, description: 'B.' } as const;
  const fields = { a: { ...b, nullable: false }, b, list: { type: 'array', description: 'L.', items: { b } } } as const;
  expect(parseLine('{"a":"x","list":[{},{"b":"y"},7]}', fields)).toMatchObject({
    row: { a: 'x', b: null, list: [{ b: null }, { b: 'y' }, 7] },
  });
});

test.each(['garbage', '[1]', '7', 'null', '"text"', '{"a":1', '{"a":1}{"a":2}', ''])('%j is no row', (text) => {
  expect(parseLine(text, {})).toMatchObject({ code: 'bad_json' });
});

test.each(['"now"', '1.5', '-1', 'null', 'true', '{"toString":null}'])('%s is no time', (time) => {
  expect(parseLine(`{"a":1,"clock_monotonic_ns":${time}}`, {})).toMatchObject({ code: 'clock_monotonic_ns' });
});
