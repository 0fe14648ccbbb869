import { expect, test } from 'vitest';
import { checkDefinition } from '../../../src/core/contract/check-definition.js';
import { rowSchema } from '../../../src/core/rows/row-schema.js';
import { fieldsFromSchema } from '../../../src/plugins/exec/row-schema.js';
import system from '../../../src/plugins/system/index.js';
import { SOUND } from '../support/definition.js';

const schema = (properties: object, rest: object = {}) => ({ type: 'object', properties, ...rest });

test('a bare property becomes a described column with a kind and a unit', () => {
  const { fields } = { fields: fieldsFromSchema(schema({ level: { type: 'integer' } }, { required: ['level'] })) };
  expect(fields).toEqual({
    level: {
      type: 'integer',
      kind: 'gauge',
      unit: '1',
      nullable: false,
      description: 'level, as the program tells it.',
    },
  });
  expect(checkDefinition({ ...SOUND, fields })).toEqual([]);
});

test('a property that is not required may be null, and so may one whose type says so', () => {
  const fields = fieldsFromSchema(
    schema({ a: { type: 'string' }, b: { type: ['number', 'null'] } }, { required: ['b'] }),
  );
  expect(fields).toMatchObject({ a: { nullable: true, kind: 'state' }, b: { nullable: true } });
});

test('a published schema comes back as the fields that it was made of', () => {
  const fields = fieldsFromSchema(rowSchema(system, 'tick'));
  const published = rowSchema({ ...system, fields }, 'tick');
  expect(published).toEqual(rowSchema(system, 'tick'));
});

test.each<[string, unknown, RegExp]>([
  ['no object', 'rows', /schema is "rows"; it must be an object/],
  ['another type', { type: 'array', properties: {} }, /a row is an "object"/],
  ['no properties', { type: 'object' }, /schema.properties is missing/],
  ['no column', schema({ clock_monotonic_ns: { type: 'integer' } }), /names no column/],
  ['open rows', schema({ a: { type: 'string' } }, { additionalProperties: true }), /must be false/],
  [
    'a keyword that nothing checks',
    schema({ a: { type: 'string', pattern: '^x' } }),
    /properties.a.pattern is no keyword/,
  ],
  ['a reference', schema({ a: { $ref: '#/$defs/a' } }), /properties.a.type is undefined/],
  ['two types', schema({ a: { type: ['string', 'integer'] } }), /properties.a.type is \["string","integer"\]/],
  ['nested arrays', schema({ a: { type: 'array', items: schema({ b: { type: 'array' } }) } }), /records .* are flat/],
  ['a raised field', schema({ a: { type: 'string', 'x-available-in-deployment': true } }), /only be lowered/],
])('%s is refused in words', (_what, given, words) => {
  expect(() => fieldsFromSchema(given)).toThrow(words);
});
