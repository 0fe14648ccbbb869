import { expect, test } from 'vitest';
import { assignSplits, type SplitRequest } from '../../../../src/core/dataset/split/assign-splits.js';
import { parseRatios, UNSPLIT } from '../../../../src/core/dataset/split/parse-ratios.js';
import { expectValid } from '../../../support/schemas.js';
import { episode, idOf } from './split-episodes.js';

const BOTH = { benign: 30, malicious: 30 };

function assign(episodes: SplitRequest['episodes'], rest: Partial<SplitRequest> = {}) {
  return assignSplits({ episodes, ratios: parseRatios('70/15/15'), by: 'groups', groupBy: [], seed: 1, ...rest });
}

/** Which of the n episodes are on which side. */
function sides(episodes: SplitRequest['episodes'], rest: Partial<SplitRequest> = {}): string[] {
  const { splits } = assign(episodes, rest);
  return episodes.map(({ id }) => splits.get(id)!);
}

test('six groups of two classes are split so that each split has both', () => {
  const episodes = [1, 2, 3].flatMap((n) => [episode(n, { benign: 30 }), episode(n + 3, { malicious: 30 })]);
  const { document } = assign(episodes);
  expect(document.splits.map(({ classes }) => Object.keys(classes).length)).toEqual([2, 2, 2]);
  for (const { classes } of document.splits) for (const { episodes: n } of Object.values(classes)) expect(n).toBe(1);
});

test('episodes that share a member are on one side, and so are those that share another with those', () => {
  const episodes = [
    episode(1, BOTH, { host: 'a' }),
    episode(2, BOTH, { host: 'a', family: 'x' }),
    episode(3, BOTH, { family: 'x' }),
    ...[4, 5, 6, 7].map((n) => episode(n, BOTH, { host: `h${n}` })),
  ];
  const { groups, splits } = assign(episodes, { groupBy: ['host', 'family'] });
  expect([1, 2, 3].map((n) => groups.get(idOf(n)))).toEqual([idOf(1), idOf(1), idOf(1)]);
  expect(new Set([1, 2, 3].map((n) => splits.get(idOf(n)))).size).toBe(1);
});

test('what is no member of anything is a group of its own', () => {
  const { document } = assign(
    [1, 2, 3, 4].map((n) => episode(n, BOTH)),
    { groupBy: ['sample', 'family'] },
  );
  expect(document.groups).toHaveLength(4);
});

test('the document is what its schema describes, and holds the proof', () => {
  const episodes = [1, 2, 3, 4, 5, 6].map((n) => episode(n, BOTH, { pair: `s#${n % 4}`, host: 'lab' }));
  const { document } = assign(episodes, { groupBy: ['pair'] });
  expectValid(document, 'splits.schema.json');
  expect(document.overlaps).toEqual([]);
  expect(document.shared.find(({ key }) => key === 'host')).toEqual({ key: 'host', members: 1, on_several_sides: 1 });
  expect(document.groups[0]).toMatchObject({ id: idOf(1), episodes: [idOf(1), idOf(5)], members: { pair: ['s#1'] } });
});

test('a split that would lack a class is an error that says which, and of what there is too little', () => {
  const episodes = [1, 2, 3, 4, 5].map((n) => episode(n, n < 3 ? BOTH : { benign: 60 }, { host: `h${n}` }));
  expect(() => assign(episodes)).toThrow(
    /^the split (validation|test) has no malicious: 2 of 5 groups have it, and each of 3 splits needs one$/,
  );
});

test('fewer groups than splits is an error that names what the episodes share', () => {
  const episodes = [1, 2, 3, 4].map((n) => episode(n, BOTH, { host: 'lab', family: `f${n}` }));
  expect(() => assign(episodes, { groupBy: ['family', 'host'] })).toThrow(
    expect.objectContaining({
      code: 'SPLIT_IMPOSSIBLE',
      message: '4 episodes in 1 group can not be split into train, validation, test: episodes share their host',
      hint: expect.stringContaining('(host)'),
    }),
  );
});

test('episodes without any class can not be split', () => {
  expect(() => assign([1, 2, 3].map((n) => episode(n, {})))).toThrow('no episode has a class');
});

test('unsplit, all is train', () => {
  expect(sides([episode(1, BOTH), episode(2, {})], { ratios: UNSPLIT })).toEqual(['train', 'train']);
});

test('a label named like what every object has is a class like any other', () => {
  const episodes = [1, 2, 3].map((n) => episode(n, { constructor: 5, benign: 5 }));
  expect(Object.keys(assign(episodes).document.splits[0]!.classes)).toEqual(['benign', 'constructor']);
});

test('by time, earlier ones train and later ones test, however they are given', () => {
  const episodes = [5, 1, 9, 3, 7, 2, 8, 4, 6, 10].map((n) => episode(n, BOTH));
  const found = assign(episodes, { by: 'time', ratios: parseRatios('70/20/10') }).splits;
  expect([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((n) => found.get(idOf(n)))).toEqual([
    ...new Array(7).fill('train'),
    'validation',
    'validation',
    'test',
  ]);
});

test('by time, what a split weighs counts, not how many episodes it has', () => {
  const episodes = [episode(1, { benign: 45, malicious: 45 }), ...[2, 3, 4].map((n) => episode(n, BOTH))];
  const weights = sides(episodes, { by: 'time', ratios: parseRatios('50/50') });
  expect(weights).toEqual(['train', 'train', 'test', 'test']);
});

test('by time, a group counts as of its last episode', () => {
  const episodes = [1, 2, 3, 4].map((n) => episode(n, BOTH, n === 1 || n === 4 ? { host: 'late' } : {}));
  const found = sides(episodes, { by: 'time', groupBy: ['host'], ratios: parseRatios('50/50') });
  expect(found).toEqual(['test', 'train', 'train', 'test']);
});

test('by time, a class that came late is an error', () => {
  const episodes = [1, 2, 3, 4, 5, 6].map((n) => episode(n, n < 6 ? { benign: 9 } : BOTH));
  expect(() => assign(episodes, { by: 'time' })).toThrow(/the split train has no malicious: 1 of 6 groups has it/);
});

test('many groups come near the ratios, whatever their sizes', () => {
  const episodes = Array.from({ length: 400 }, (_, n) =>
    episode(n, { benign: 10 + ((n * 37) % 50), [n % 7 === 0 ? 'scanner' : 'miner']: 5 + ((n * 11) % 20) }),
  );
  for (const { percent, classes } of assign(episodes).document.splits)
    for (const { share } of Object.values(classes)) expect(share).toBeCloseTo(percent / 100, 1.5);
});

test('another seed draws another split', () => {
  const episodes = Array.from({ length: 10 }, (_, n) => episode(n, BOTH));
  const seeds = [1, 2, 3, 4, 5].map((seed) => sides(episodes, { seed }).join());
  expect(new Set(seeds).size).toBeGreaterThan(1);
});
