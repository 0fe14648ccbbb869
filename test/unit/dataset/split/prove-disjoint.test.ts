import { expect, test } from 'vitest';
import { findOverlaps, proveDisjoint } from '../../../../src/core/dataset/split/prove-disjoint.js';
import { idOf, members } from './split-episodes.js';

const placed = (n: number, split: string, host: string | null) => ({ id: idOf(n), split, members: members({ host }) });

test('a member on two sides is found, and is an error', () => {
  const episodes = [placed(1, 'train', 'a'), placed(2, 'train', 'b'), placed(3, 'test', 'b')];
  expect(findOverlaps(episodes, ['host'])).toEqual([{ key: 'host', member: 'b', splits: ['train', 'test'] }]);
  expect(() => proveDisjoint(episodes, ['host'])).toThrow('the host "b" stands in train and in test');
});

test('so is an episode on two sides, whatever was grouped by', () => {
  expect(findOverlaps([placed(1, 'train', null), placed(1, 'test', null)], [])).toMatchObject([{ key: 'episode' }]);
});

test('what has no member, or was not grouped by, overlaps with nothing', () => {
  const episodes = [placed(1, 'train', null), placed(2, 'test', null), placed(3, 'test', 'c')];
  expect(proveDisjoint(episodes, ['host', 'family'])).toEqual([]);
  expect(proveDisjoint([placed(1, 'train', 'a'), placed(2, 'test', 'a')], ['family'])).toEqual([]);
});
