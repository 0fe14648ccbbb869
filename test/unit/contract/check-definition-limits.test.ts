import { describe, expect, test } from 'vitest';
import { checkDefinition } from '../../../src/core/contract/check-definition.js';
import { SOUND, withArray, withField } from '../support/definition.js';

const text = { type: 'string', kind: 'info', unit: undefined };

/** They go into generated code and into the row schema: what is no limit there would only fail when the episode begins. */
describe('a limit that is none is told, at', () => {
  test.each<[string, RegExp, unknown]>([
    ['a minimum that is no number', /^fields\.x: minimum /, withField('x', { minimum: '0' })],
    ['a maximum that is not finite', /^fields\.x: maximum /, withField('x', { maximum: Number.NaN })],
    ['a minimum above the maximum', /^fields\.x: minimum /, withField('x', { minimum: 2, maximum: 1 })],
    ['an enum that is no list', /^fields\.x: enum /, withField('x', { ...text, enum: 'on' })],
    ['an empty enum', /^fields\.x: enum /, withField('x', { ...text, enum: [] })],
    ['an enum of numbers', /^fields\.x: enum /, withField('x', { ...text, enum: [1] })],
    ['a negative maxLength', /^fields\.x: maxLength /, withField('x', { ...text, maxLength: -1 })],
    ['a maxItems that is no integer', /^fields\.cards: maxItems /, withArray({ maxItems: 1.5 })],
    ['nullable that is no boolean', /^fields\.x: nullable /, withField('x', { nullable: 'yes' })],
    [
      'an array raised above its source',
      /^fields\.cards: availableInDeployment /,
      withArray({ availableInDeployment: true }),
    ],
    [
      'required options that there are not',
      /^options\.required/,
      { ...SOUND, options: { ...SOUND.options, required: ['cards'] } },
    ],
  ])('%s', (_, sentence, definition) => {
    expect(checkDefinition(definition)).toEqual([expect.stringMatching(sentence)]);
  });
});
