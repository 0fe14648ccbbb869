import { expect, test } from 'vitest';
import { parseGroupKeys } from '../../../../src/core/dataset/split/group-keys.js';
import { parseRatios } from '../../../../src/core/dataset/split/parse-ratios.js';

test('three ratios are train, validation and test; two are train and test', () => {
  expect(parseRatios('70/15/15')).toEqual([
    { split: 'train', percent: 70 },
    { split: 'validation', percent: 15 },
    { split: 'test', percent: 15 },
  ]);
  expect(parseRatios('66.7/33.3').map(({ split }) => split)).toEqual(['train', 'test']);
});

test.each([
  ['70/20', 'has to add up to 100, and adds up to 90'],
  ['70/30/0', 'has a part of nothing'],
  ['100', 'has to have two parts'],
  ['40/30/20/10', 'has to have two parts'],
  ['70/-15/45', 'has the part "-15", which is no share of 100'],
  ['70/a/15', 'has the part "a", which is no share of 100'],
  ['', 'has to have two parts'],
])('the split %j is refused: it %s', (text, sentence) => {
  expect(() => parseRatios(text)).toThrow(expect.objectContaining({ code: 'USAGE' }));
  expect(() => parseRatios(text)).toThrow(`the split ${JSON.stringify(text)} ${sentence}`);
});

test('group keys are taken in one order, each once', () => {
  expect(parseGroupKeys('host, scenario,host')).toEqual(['scenario', 'host']);
});

test('an unknown group key is told, with those that there are', () => {
  expect(() => parseGroupKeys('hst')).toThrow(
    'no group key "hst"; there are scenario, pair, sample, family, host, image, state, operator',
  );
  expect(() => parseGroupKeys('arm')).toThrow(expect.objectContaining({ hint: expect.stringContaining('"pair"') }));
});
