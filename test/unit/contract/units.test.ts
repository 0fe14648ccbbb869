import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isUnit } from '../../../src/core/contract/units.js';

test.each([
  'By',
  's',
  'ns',
  'us',
  'ms',
  '1',
  '%',
  'KiBy',
  'MBy',
  'GiBy',
  'kHz',
  'MHz',
  'Cel',
  'mW',
  'J',
  'min',
  'h',
  'd',
  '{fault}',
  '{page_fault}',
  'By/s',
  '{packet}/s',
  '1/s',
  'bit/s',
])('%s is a unit', (unit) => {
  expect(isUnit(unit)).toBe(true);
});

test.each([
  '',
  ' ',
  'bytes',
  'sec',
  'KB',
  'kb',
  'by',
  'BY',
  'percent',
  'seconds',
  '{}',
  '{a b}',
  '{fault',
  'fault}',
  '{{a}}',
  'By/',
  '/s',
  'By/s/s',
  'By s',
  'kmin',
  'k%',
  'k1',
  'KiKiBy',
  '{fault}\n',
])('%j is none', (unit) => {
  expect(isUnit(unit)).toBe(false);
});

test('a quotient is a unit if both its parts are', () => {
  const atom = fc.constantFrom('By', 's', 'ms', '1', '{fault}', 'x', '', 'kk');
  fc.assert(fc.property(atom, atom, (a, b) => isUnit(`${a}/${b}`) === (isUnit(a) && isUnit(b))));
});
