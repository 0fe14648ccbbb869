import { expect, test } from 'vitest';
import { rowSchema } from '../../../src/core/rows/row-schema.js';
import { TABLE } from '../support/fields-table.js';
import { ENVELOPE } from '../support/row-harness.js';

const schema = rowSchema({ name: 'gpu', rowVersion: 3, summary: 'A card.', fields: TABLE }, 'tick');
const properties = schema.properties as Record<string, Record<string, unknown>>;

test('the schema bears the name and the version of the row', () => {
  expect(schema).toMatchObject({ $id: 'urn:cis490:source:gpu:3', title: 'gpu row', description: 'A card.' });
});

test('every column is required, and no other is allowed', () => {
  const columns = [...Object.keys(ENVELOPE), ...Object.keys(TABLE)];
  expect(schema).toMatchObject({ required: columns, additionalProperties: false });
  expect(Object.keys(properties)).toEqual(columns);
});

test('source and availability are left free: an instance may be renamed', () => {
  for (const key of ['source', 'available_in_deployment']) {
    expect(properties[key]).not.toHaveProperty('const');
    expect(properties[key]).not.toHaveProperty('enum');
  }
});

test('what is known of a field is carried as keywords', () => {
  expect(properties.count).toMatchObject({
    type: ['integer', 'null'],
    minimum: 0,
    'x-unit': '1',
    'x-kind': 'counter',
    'x-reset': 'boot',
  });
  expect(properties.level).toMatchObject({
    type: 'integer',
    minimum: -5,
    maximum: 1e15,
    'x-unit': 'By',
    'x-kind': 'gauge',
  });
  expect(properties.mode).toMatchObject({ enum: ['on', 'off', '"quoted"', null] });
});

test('a field that no deployed device has says so', () => {
  const lowered = { type: 'boolean', kind: 'state', description: 'd', availableInDeployment: false } as const;
  const { properties } = rowSchema({ name: 'gpu', rowVersion: 1, summary: 's', fields: { lowered } }, 'seq');
  expect((properties as typeof schema).lowered).toMatchObject({ 'x-available-in-deployment': false });
});
