import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { explainError, isEcho } from '../../../src/core/config/explain-errors.js';

/** As for the options of a plugin: their errors are told below the key of their collector. */
function explain(schema: object, value: unknown): string[] {
  const validate = new Ajv2020({ allErrors: true, verbose: true }).compile(schema);
  validate(value);
  return (validate.errors ?? [])
    .filter((error) => !isEcho(error))
    .map((error) => explainError(error, 'collectors.gpu.options'));
}

const object = (properties: object, more: object = {}) => ({
  type: 'object',
  additionalProperties: false,
  properties,
  ...more,
});

test.each<[string, object, unknown, string]>([
  [
    'a secret',
    object({ api_key: { type: 'string' } }),
    { api_key: 12345 },
    'collectors.gpu.options.api_key is "[redacted]"; it must be string',
  ],
  [
    'secrets in a list',
    object({ tokens: { type: 'array', items: { type: 'string', minLength: 9 } } }),
    { tokens: ['hunter'] },
    'collectors.gpu.options.tokens[0] is "[redacted]"; it must NOT have fewer than 9 characters',
  ],
  [
    'a secret within what is wrong',
    object({ env: { type: 'string' } }),
    { env: { TOKEN: 'hunter', URL: 'https://me:hunter@host' } },
    'collectors.gpu.options.env is {"TOKEN":"[redacted]","URL":"https://[redacted]@host"}; it must be string',
  ],
  [
    'a wrong type',
    object({ card: { type: 'integer', description: 'Which card.' } }),
    { card: 'x' },
    'collectors.gpu.options.card is "x"; it must be integer (Which card)',
  ],
  [
    'what may be of two types',
    object({ card: { type: ['integer', 'null'] } }),
    { card: 'x' },
    'collectors.gpu.options.card is "x"; it must be integer or null',
  ],
  [
    'an element of a list',
    object({ cards: { type: 'array', items: { type: 'integer' } } }),
    { cards: [1, 'x'] },
    'collectors.gpu.options.cards[1] is "x"; it must be integer',
  ],
  [
    'an unknown option',
    object({ card: {} }),
    { crad: 1 },
    'collectors.gpu.options.crad: there is no such key; there are card',
  ],
  [
    'an option of a plugin that has none',
    object({}),
    { a: 1 },
    'collectors.gpu.options.a: there is no such key; there are none',
  ],
  ['a missing option', object({ card: {} }, { required: ['card'] }), {}, 'collectors.gpu.options.card is missing'],
  [
    'a word that is not listed',
    object({ mode: { enum: ['a', 'b', null] } }),
    { mode: 'c' },
    'collectors.gpu.options.mode is "c"; it must be one of "a", "b", null',
  ],
  [
    'a name with a slash and a tilde',
    object({ 'a/b~c': { type: 'integer' } }),
    { 'a/b~c': 'x' },
    'collectors.gpu.options.a/b~c is "x"; it must be integer',
  ],
  ['no mapping at all', object({}), 5, 'collectors.gpu.options is 5; it must be object'],
])('%s', (_, schema, value, sentence) => {
  expect(explain(schema, value)).toEqual([sentence]);
});
