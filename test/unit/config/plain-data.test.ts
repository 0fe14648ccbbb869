import { expect, test } from 'vitest';
import { plainData } from '../../../src/core/config/plain-data.js';

/** Levels of ten aliases each, all of one list. */
function bomb(levels: number): unknown {
  let value: unknown = ['x'];
  for (let i = 0; i < levels; i++) value = Array.from({ length: 10 }, () => value);
  return value;
}

test('a date is its text, and an alias a copy', () => {
  const shared = { a: [1] };
  const plain = plainData({
    date: new Date('2026-01-31'),
    time: new Date('2026-01-31T10:00:00Z'),
    x: shared,
    y: shared,
  });
  expect(plain).toEqual({ date: '2026-01-31', time: '2026-01-31T10:00:00.000Z', x: { a: [1] }, y: { a: [1] } });
  expect((plain as { x: object }).x).not.toBe((plain as { y: object }).y);
});

test('a key that names the prototype is a key like others', () => {
  const plain = plainData(JSON.parse('{"__proto__": {"polluted": true}}')) as object;
  expect(Object.keys(plain)).toEqual(['__proto__']);
  expect(plain).not.toHaveProperty('polluted');
});

test('aliases may stand for thousands of values, not for millions', () => {
  expect((plainData(bomb(3)) as unknown[]).flat(4)).toHaveLength(1000);
  expect(() => plainData(bomb(7))).toThrow('it has more than 100000 values, with what its aliases stand for');
});

test('what stands for itself is refused', () => {
  const own: unknown[] = [];
  own.push(own);
  expect(() => plainData(own)).toThrow('it is nested more than 100 deep, or an alias stands for itself');
});
