import { readdirSync, readFileSync, readlinkSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CisError } from '../../../src/core/errors/cis-error.js';
import { type Fields, openEpisode, type RowOf } from '../../../src/index.js';
import { type MadeEpisode, makeEpisode, ORIGIN_NS } from '../../support/made-episode.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const FIELDS = {
  read_bytes: { type: 'integer', unit: 'By', kind: 'counter', reset: 'boot', nullable: true, description: 'Read.' },
  load: { type: 'number', unit: '1', kind: 'gauge', description: 'Load.' },
  name: { type: 'string', kind: 'info', description: 'Name.' },
  cards: {
    type: 'array',
    description: 'Cards.',
    items: { faults: { type: 'integer', unit: '{fault}', kind: 'counter', reset: 'boot', description: 'Faults.' } },
  },
} as const satisfies Fields;

const values = (change: object = {}) => ({ read_bytes: 1, load: 0.5, name: 'a', cards: [], ...change });

const made = (changes: object[] = [{}], options: Partial<MadeEpisode> = {}) =>
  makeEpisode({
    output: temporaryFolder(),
    sources: { gpu: { fields: FIELDS, isDeployable: false, rows: changes.map(values) } },
    ...options,
  });

async function all<T>(iterable: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const each of iterable) found.push(each);
  return found;
}

const rowsOf = async (path: string) => all((await openEpisode(path)).rows<RowOf<typeof FIELDS>>('gpu'));

function edit(path: string, file: string, change: (text: string) => string): void {
  writeFileSync(join(path, file), change(readFileSync(join(path, file), 'utf8')));
}

const LOG = 'telemetry/gpu.jsonl';

const failure = (work: Promise<unknown>): Promise<CisError> =>
  work.then(
    () => Promise.reject(new Error('nothing was thrown')),
    (error) => (error instanceof CisError ? error : Promise.reject(error)),
  );

test('rows come with integers exact to the last digit: bigints where a double would round, and always for the wall time', async () => {
  const [first, second] = await rowsOf(
    made([
      { read_bytes: 2n ** 64n - 1n, cards: [{ faults: 2n ** 53n + 1n }] },
      { read_bytes: 2 ** 53 - 1, load: 1e20 },
    ]),
  );
  expect(first).toMatchObject({
    t_mono_ns: 0,
    t_wall_ns: ORIGIN_NS,
    read_bytes: 18446744073709551615n,
    cards: [{ faults: 9007199254740993n }],
  });
  expect(second).toMatchObject({
    tick: 1,
    t_wall_ns: ORIGIN_NS + 100_000_000n,
    read_bytes: 9007199254740991,
    load: 1e20,
  });
});

test('a text that looks like a long integer stays what it is', async () => {
  const name = 'a,9007199254740993: "1,12345678901234567890"';
  expect(await rowsOf(made([{ name, read_bytes: null }]))).toMatchObject([{ name, read_bytes: null }]);
});

test('what it is stands in meta, marker and sources', async () => {
  const { id, isFinished, meta, marker, sources } = await openEpisode(made());
  expect([id, isFinished, marker?.grade, meta.clocks.origin_realtime_ns]).toEqual([meta.id, true, 'ok', ORIGIN_NS]);
  expect(sources).toMatchObject([{ name: 'gpu', kind: 'polled', intervalNs: 1e8, availableInDeployment: false }]);
  expect(sources[0]!.columns.map(({ name, type, kind }) => [name, type, kind])).toEqual([
    ['read_bytes', 'integer', 'counter'],
    ['load', 'number', 'gauge'],
    ['name', 'string', 'info'],
    ['cards', 'array', 'info'],
  ]);
  expect(sources[0]!.columns[3]!.items).toMatchObject([{ name: 'faults', unit: '{fault}', reset: 'boot' }]);
});

test('labels come as stretches with corrections applied, and as the rows that were written', async () => {
  const path = made([{}], {
    labels: [
      { atMs: 0, phase: 'a', label: 'benign' },
      { atMs: 400, phase: 'b', label: 'malicious', technique: 'T1496' },
    ],
    isFinished: false,
  });
  const wall = ORIGIN_NS + 400_000_000n;
  const correction = `{"seq":2,"t_mono_ns":400000000,"t_wall_ns":${wall},"phase":"b","label":"unknown","source":"manual","uncertainty_ns":0,"confirmed":null,"revises":1,"by":"me","why":"so"}\n`;
  edit(path, 'labels.jsonl', (text) => text + correction);
  const episode = await openEpisode(path, { allowUnfinished: true });
  expect((await all(episode.labelRows())).map(({ seq, label }) => [seq, label])).toEqual([
    [0, 'benign'],
    [1, 'malicious'],
    [2, 'unknown'],
  ]);
  expect((await episode.labels()).map(({ seq, fromNs, untilNs, label }) => [seq, fromNs, untilNs, label])).toEqual([
    [0, 0, 4e8, 'benign'],
    [2, 4e8, 1e9, 'unknown'],
  ]);
});

test('events come in their order, with fields of their own', async () => {
  const { events } = await openEpisode(made([{}], { events: [{ atMs: 5, event: 'signal', signal: 'SIGINT' }] })).then(
    async (episode) => ({ events: await all(episode.events()) }),
  );
  expect(events).toMatchObject([{ event: 'signal', signal: 'SIGINT', t_mono_ns: 5e6 }, { event: 'episode_ended' }]);
});

test('a source that was absent has no rows, and one that is not there is told with those that are', async () => {
  const gpu = { fields: FIELDS, rows: [], change: { state: 'absent' as const } };
  expect(await rowsOf(made([], { sources: { gpu } }))).toEqual([]);
  const episode = await openEpisode(made());
  expect(() => episode.rows('card')).toThrow(/no source "card" in .*; there are: gpu/);
});

test('no episode, one without a marker and one through a link are refused', async () => {
  const path = made([{}], { isFinished: false });
  expect(await failure(openEpisode(`${path}x`))).toMatchObject({ code: 'EPISODE_NOT_FOUND' });
  expect(await failure(openEpisode(path))).toMatchObject({ code: 'EPISODE_UNFINISHED' });
  symlinkSync(path, `${path}-link`);
  expect(await failure(openEpisode(`${path}-link`))).toMatchObject({ code: 'EPISODE_NOT_FOUND' });
});

test('no link is followed, in place of a log, of the folder of logs, or of a document', async () => {
  for (const name of [LOG, 'telemetry', 'meta.json', 'done.marker']) {
    const path = made();
    renameSync(join(path, name), `${path}-aside`);
    symlinkSync(`${path}-aside`, join(path, name));
    expect(await failure(rowsOf(path)), name).toMatchObject({ code: 'EPISODE_DAMAGED' });
  }
});

test.each([
  ['no JSON', (line: string) => line.replace('}', '{'), /gpu.jsonl:2 is no JSON/],
  ['of another type', (line: string) => line.replace('"load":0.5', '"load":"x"'), /:2 load is "x"; it must be number/],
  ['without a column', (line: string) => line.replace('"name":"a",', ''), /:2 name is missing; it must be string/],
  ['null where it may not', (line: string) => line.replace('"load":0.5', '"load":null'), /:2 load is null/],
  ['an array of no records', (line: string) => line.replace('[]', '[1]'), /:2 cards\[0\] is no record/],
  ['without times', (line: string) => line.replace('t_wall_ns', 't_wall'), /:2 has no t_mono_ns and t_wall_ns/],
  [
    'counted beyond a double',
    (line: string) => line.replace('"tick":1', `"tick":1${'0'.repeat(20)}`),
    /:2 tick is 10+; /,
  ],
])('a damaged line is told with file and line: %s', async (_what, damage, words) => {
  const path = made([{}, {}, {}]);
  edit(path, LOG, (text) => text.replace(/\n.*\n/, (line) => damage(line)));
  const error = await failure(rowsOf(path));
  expect(error).toMatchObject({ code: 'EPISODE_DAMAGED', hint: expect.stringContaining('episode validate') });
  expect(error.message).toMatch(words);
});

test('half a last line is damage in a finished episode, and the end of one that is being recorded', async () => {
  for (const isFinished of [true, false]) {
    const path = made([{}, {}], { isFinished });
    edit(path, LOG, (text) => text.slice(0, -10));
    const episode = await openEpisode(path, { allowUnfinished: true });
    if (isFinished) expect((await failure(all(episode.rows('gpu')))).message).toMatch(/gpu.jsonl:2 is torn/);
    else expect(await all(episode.rows('gpu'))).toHaveLength(1);
  }
});

test('rows that the marker lists and the file has not are told', async () => {
  const path = made([{}, {}]);
  edit(path, LOG, (text) => text.slice(0, text.indexOf('\n') + 1));
  expect((await failure(rowsOf(path))).message).toMatch(/has 1 rows; done.marker says 2/);
  rmSync(join(path, LOG));
  expect((await failure(rowsOf(path))).message).toMatch(/gpu.jsonl does not exist/);
});

const openFiles = () =>
  readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)];
    } catch {
      return []; // that of the listing itself
    }
  });

test('leaving the iteration early closes the file', async () => {
  const path = made(Array.from({ length: 2_000 }, () => ({})));
  const episode = await openEpisode(path);
  for await (const row of episode.rows('gpu')) {
    expect(openFiles()).toContain(join(path, LOG));
    if (row.tick === 3) break;
  }
  expect(openFiles()).not.toContain(join(path, LOG));
  await expect(
    (async () => {
      for await (const _ of episode.rows('gpu')) throw new Error('enough');
    })(),
  ).rejects.toThrow('enough');
  expect(openFiles()).not.toContain(join(path, LOG));
});
