import { describe, expect, test } from 'vitest';
import { checkDefinition } from '../../../src/core/contract/check-definition.js';
import hostProc from '../../../src/plugins/host-proc/index.js';
import system from '../../../src/plugins/system/index.js';
import { SOUND, withArray, withField, withItem } from '../support/definition.js';

test.each([
  ['host_proc', hostProc],
  ['system', system],
  ['a third party', SOUND],
])('%s is sound', (_, definition) => {
  expect(checkDefinition(definition)).toEqual([]);
});

test.each([[null], [undefined], [[]], ['gpu'], [() => SOUND]])('a definition is an object, not %s', (value) => {
  expect(checkDefinition(value)).toEqual([expect.stringMatching(/^a collector definition is an object, not /)]);
});

describe('one sentence that names the place, for', () => {
  const { parse: _, ...withoutParse } = SOUND;
  test.each<[string, RegExp, unknown]>([
    ['another api version', /^apiVersion is 2; this cis490 has 1/, { ...SOUND, apiVersion: 2 }],
    ['no api version', /^apiVersion is undefined/, { ...SOUND, apiVersion: undefined }],
    ['a name in kebab-case', /^name is "host-proc"; it must be snake_case/, { ...SOUND, name: 'host-proc' }],
    ['a name of 64 characters', /^name is /, { ...SOUND, name: 'a'.repeat(64) }],
    ['a name that leaves the folder', /^name is "\.\.\/x"/, { ...SOUND, name: '../x' }],
    ['no version', /^version /, { ...SOUND, version: '' }],
    ['a summary of two lines', /^summary /, { ...SOUND, summary: 'a\nb' }],
    ['a row version of 0', /^rowVersion /, { ...SOUND, rowVersion: 0 }],
    ['a row version of 1.5', /^rowVersion /, { ...SOUND, rowVersion: 1.5 }],
    ['no availability', /^availableInDeployment /, { ...SOUND, availableInDeployment: undefined }],
    ['a bare availability', /^availableInDeployment /, { ...SOUND, availableInDeployment: true }],
    [
      'an availability without why',
      /^availableInDeployment /,
      { ...SOUND, availableInDeployment: { value: true, rationale: ' ' } },
    ],
    ['no fields', /^fields /, { ...SOUND, fields: {} }],
    ['a column of the host', /^fields\.tick: /, withField('tick', {})],
    ['a field in camelCase', /^fields\.usedBytes: /, withField('usedBytes', {})],
    ['a field that is no object', /^fields\.x: /, { ...SOUND, fields: { x: 'integer' } }],
    ['an unknown type', /^fields\.x: type is "uint64"; it must be one of integer/, withField('x', { type: 'uint64' })],
    ['a type in a list', /^fields\.x: type is /, withField('x', { type: ['integer'] })],
    ['no description', /^fields\.x: description /, withField('x', { description: undefined })],
    ['an unknown kind', /^fields\.x: kind is "rate"; it must be one of counter/, withField('x', { kind: 'rate' })],
    ['a kind in a list', /^fields\.x: kind is /, withField('x', { kind: ['gauge'] })],
    ['a number without a unit', /^fields\.x: unit is undefined/, withField('x', { unit: undefined })],
    ['a unit that is no UCUM', /^fields\.x: unit is "bytes"; it must be UCUM/, withField('x', { unit: 'bytes' })],
    [
      'a counter without reset',
      /^fields\.x: reset is undefined; a counter has one of/,
      withField('x', { kind: 'counter' }),
    ],
    ['a gauge with reset', /^fields\.x: reset is "boot"/, withField('x', { reset: 'boot' })],
    [
      'a field raised above its source',
      /^fields\.x: availableInDeployment /,
      withField('x', { availableInDeployment: true }),
    ],
    ['an array without items', /^fields\.cards: items /, withArray({ items: {} })],
    ['an array without a description', /^fields\.cards: description /, withArray({ description: '' })],
    ['an item in camelCase', /^fields\.cards\.items\.cardFaults: /, withItem('cardFaults', {})],
    ['an item without reset', /^fields\.cards\.items\.x: reset is undefined/, withItem('x', { reset: undefined })],
    [
      'an array in an array',
      /^fields\.cards\.items\.x: type is "array"; it must be one of integer, number, string, boolean$/,
      withItem('x', { type: 'array' }),
    ],
    ['options without a schema', /^options must be a JSON Schema/, { ...SOUND, options: undefined }],
    ['options that let anything pass', /^options must be /, { ...SOUND, options: { type: 'object', properties: {} } }],
    [
      'an option without a description',
      /^options\.properties\.a: description/,
      { ...SOUND, options: { ...SOUND.options, properties: { a: { type: 'string' } } } },
    ],
    [
      'an unknown kind of collector',
      /^kind is "push"; it must be one of files, polled, stream/,
      { ...SOUND, kind: 'push' },
    ],
    ['a files collector without parse', /^parse must be a function/, withoutParse],
    ['a polled collector without create', /^create must be a function/, { ...SOUND, kind: 'polled' }],
    [
      'a probe that is no function',
      /^probe must be a function/,
      { ...SOUND, kind: 'stream', create: () => ({}), probe: true },
    ],
  ])('%s', (_, sentence, definition) => {
    const [first, ...more] = checkDefinition(definition);
    expect(first).toMatch(sentence);
    expect(more).toEqual([]);
  });
});

test.each(['boot', 'process', 'device', 'cgroup'])('a counter may start anew with a %s', (reset) => {
  expect(checkDefinition(withField('x', { kind: 'counter', reset }))).toEqual([]);
});

test('all violations are told at once', () => {
  const problems = checkDefinition({ ...SOUND, apiVersion: 0, rowVersion: 0, fields: {}, kind: 'x' });
  expect(problems).toHaveLength(4);
});
