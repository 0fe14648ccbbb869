import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FeatureApplier } from '../../../src/core/dataset/apply-features.js';
import type { DatasetOptions } from '../../../src/core/dataset/dataset-options.js';
import { parseRatios } from '../../../src/core/dataset/split/parse-ratios.js';
import { filesBelow } from '../../../src/core/files/files-below.js';
import { SchemaRegistry } from '../../../src/core/schemas/schema-registry.js';
import { counterSince, type Fields, level } from '../../../src/index.js';
import { buildDataset, readParquet } from '../../support/built-dataset.js';
import { type MadeEpisode, type MadeSource, makeEpisode } from '../../support/made-episode.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const FIELDS = {
  calls: counterSince('boot')('{call}', 'Calls.'),
  used_bytes: level('By', 'Memory.'),
  secret_level: { ...level('1', 'Only the lab sees it.'), availableInDeployment: false },
  cards: {
    type: 'array',
    description: 'Cards.',
    items: {
      card: { type: 'string', kind: 'info', key: true, description: 'Name.' },
      bytes: counterSince('device')('By', 'Bytes.'),
      hidden: { ...level('1', 'Only the lab sees it.'), availableInDeployment: false },
    },
  },
} as const satisfies Fields;

const rows = (ticks: number, speed = 5) =>
  Array.from({ length: ticks }, (_, k) => ({
    calls: speed * k,
    used_bytes: 1000 + k,
    secret_level: k,
    cards: [{ card: 'a', bytes: speed * k, hidden: 1 }],
  }));

const IMPOSTOR = { name: 'impostor', version: '1.0.0', owner: 'test', origin: 'file' } as const;

const source = (of: Partial<MadeSource> = {}): MadeSource => ({ fields: FIELDS, rows: rows(60), ...of });

const LABELS = [
  { atMs: 0, label: 'benign' },
  { atMs: 3000, label: 'malicious' },
];

function make(output: string, made: Partial<MadeEpisode> = {}): string {
  return makeEpisode({ output, sources: { probe: source() }, labels: LABELS, durationMs: 6000, ...made });
}

const set = () => join(temporaryFolder(), 'set');

const columnNames = async (path: string) => Object.keys((await readParquet([path]))[0]!);

test('rows are as they were recorded, integers of 63 bits to the last digit, with the episode on each', async () => {
  const output = temporaryFolder();
  const large = 2n ** 63n - 1n;
  const path = make(output, {
    sources: { probe: source({ rows: rows(60).map((row) => ({ ...row, calls: large })) }) },
  });
  const built = await buildDataset([output], set());
  const found = await built.rows('deployable/rows/probe');
  expect(found).toHaveLength(60);
  expect(found[7]).toEqual({
    episode_id: path.split('/').at(-1),
    t_mono_ns: 700_000_000n,
    t_wall_ns: 1_795_864_175_092_237_840n,
    source: 'probe',
    available_in_deployment: true,
    tick: 7n,
    epoch: 0n,
    calls: large,
    used_bytes: 1007n,
    cards: [{ card: 'a', bytes: 35n }],
  });
});

test('a view holds what it says: what only the lab sees is in the others alone, which have to be asked for', async () => {
  const output = temporaryFolder();
  make(output, { sources: { probe: source(), host: source({ isDeployable: false }) } });
  const built = await buildDataset([output], set(), { views: ['deployable', 'oracle', 'all'] });
  const names = (path: string) => columnNames(join(built.out, path, 'split=train/part-0.parquet'));
  expect(readdirSync(join(built.out, 'deployable/rows'))).toEqual(['probe']);
  expect(await names('deployable/rows/probe')).not.toContain('secret_level');
  expect(await names('oracle/rows/probe')).toEqual(expect.arrayContaining(['secret_level', 'cards']));
  expect(await names('oracle/rows/probe')).not.toContain('calls');
  const deployable = await names('deployable/aligned');
  expect(deployable.filter((name) => /secret|hidden|host__/.test(name))).toEqual([]);
  expect(deployable).toContain('probe__cards__bytes__sum__rate');
  const oracle = (await names('oracle/aligned')).filter((name) => /__(rate|level)$/.test(name));
  expect(oracle).toContain('probe__secret_level__level');
  expect(oracle).toContain('host__calls__rate');
  expect(oracle).not.toContain('probe__calls__rate');
  expect((await names('all/aligned')).length).toBeGreaterThan(oracle.length);
  const [first] = await readParquet([join(built.out, 'oracle/rows/probe/split=train/part-0.parquet')]);
  expect(first!.cards).toEqual([{ card: 'a', hidden: 1n }]);
  const alone = await buildDataset([output], set());
  expect(readdirSync(alone.out)).not.toContain('oracle');
});

test('no column that is raw, tells a time, a place, a group or a label is a feature', async () => {
  const output = temporaryFolder();
  make(output, { scenario: { id: 's', arm: 'malicious', pair: 1 } });
  const { document } = await buildDataset([output], set(), { windowNs: 2e9 });
  const features = document.tables.flatMap(({ kind, columns }) =>
    columns.filter(({ role }) => role === 'feature').map(({ name }) => `${kind} ${name}`),
  );
  expect(features.filter((name) => !/__(rate|level)(__(mean|std|min|max))?$/.test(name))).toEqual(
    ['rows used_bytes', 'rows cards'].filter((name) => features.includes(name)),
  );
  expect(document.tables.map(({ path }) => path)).toEqual([
    'tables/episodes',
    'tables/labels',
    'tables/events',
    'deployable/rows/probe',
    'deployable/aligned',
    'deployable/windows',
  ]);
});

test('what is known of episodes stands beside: intervals are closed, events keep their own fields', async () => {
  const output = temporaryFolder();
  const started = { atMs: 0, event: 'target_started', source: 'target', pid: 4711 };
  make(output, { scenario: { id: 's', arm: 'malicious', pair: 17 }, events: [started] });
  const built = await buildDataset([output], set());
  expect((await built.rows('tables/labels')).map(({ label, start_ns, end_ns }) => [label, start_ns, end_ns])).toEqual([
    ['benign', 0n, 3_000_000_000n],
    ['malicious', 3_000_000_000n, 6_000_000_000n],
  ]);
  expect((await built.rows('tables/events'))[0]).toMatchObject({
    event: 'target_started',
    source: 'target',
    t_mono_ns: 0n,
    record: expect.stringContaining('"pid":4711'),
  });
  expect((await built.rows('tables/episodes'))[0]).toMatchObject({
    scenario: 's',
    arm: 'malicious',
    collectors: 'probe',
    rows: 60n,
    labels: 'benign>malicious',
    cpus: 2n,
    start_realtime_ns: 1_795_864_174_392_237_840n,
  });
});

test('what is known of an episode may be of any form: it is told as JSON', async () => {
  const output = temporaryFolder();
  const odd = { toString: null } as unknown as string;
  make(output, { scenario: { id: odd, arm: odd, pair: odd }, meta: { sample: { family: odd } } });
  const built = await buildDataset([output], set());
  expect((await built.rows('tables/episodes'))[0]).toMatchObject({
    scenario: '{"toString":null}',
    arm: '{"toString":null}',
    family: '{"toString":null}',
  });
});

test('the same episodes give the same bytes', async () => {
  const output = temporaryFolder();
  for (let i = 0; i < 3; i++) make(output);
  const [a, b] = [
    await buildDataset([output], set(), { windowNs: 2e9 }),
    await buildDataset([output], set(), { windowNs: 2e9 }),
  ];
  expect(filesBelow(a.out).sort()).toEqual(filesBelow(b.out).sort());
  for (const file of filesBelow(a.out))
    expect(readFileSync(join(a.out, file)).equals(readFileSync(join(b.out, file))), file).toBe(true);
});

test('groups are whole on one side, and the proof is in a file', async () => {
  const output = temporaryFolder();
  for (let pair = 0; pair < 8; pair++)
    for (const arm of ['benign', 'malicious']) make(output, { scenario: { id: 's', pair, arm } });
  const options: Partial<DatasetOptions> = { ratios: parseRatios('50/25/25'), groupBy: ['pair'], seed: 3 };
  const built = await buildDataset([output], set(), options);
  const sides = new Map<string, Set<string>>();
  for (const { group, split } of built.document.episodes) sides.set(group, (sides.get(group) ?? new Set()).add(split));
  expect(sides.size).toBe(8);
  expect([...sides.values()].every((of) => of.size === 1)).toBe(true);
  expect(built.document.splits).toEqual(['train', 'validation', 'test']);
  expect(JSON.parse(readFileSync(join(built.out, 'splits.json'), 'utf8'))).toMatchObject({ overlaps: [] });
  expect(built.features().features[0]!.statistics!.rows).toBe(
    Object.values(built.document.aligned_rows.train!).reduce((sum, n) => sum + n, 0),
  );
});

test('applied to the same episodes, the transform gives the same columns and the same rows', async () => {
  const output = temporaryFolder();
  for (let i = 0; i < 2; i++) make(output);
  const built = await buildDataset([output], set(), { windowNs: 2e9, strideNs: 1e9, guardNs: 100e6 });
  const out = set();
  const applied = await new FeatureApplier(new SchemaRegistry()).apply({
    features: join(built.out, 'deployable/features.json'),
    args: [output],
    out,
    isForced: false,
    output,
    cwd: '/',
  });
  expect(applied.rows.aligned).toBe(12);
  for (const table of ['aligned', 'windows']) {
    const made = await built.rows(`deployable/${table}`);
    const again = await readParquet([join(out, table, 'part-0.parquet')]);
    expect(Object.keys(again[0]!)).toEqual(Object.keys(made[0]!));
    const place = ({ episode_id, step }: Record<string, unknown>) => `${episode_id} ${step}`;
    const byPlace = new Map(again.map((row) => [place(row), row]));
    expect(made.length).toBeGreaterThan(0);
    for (const { group_id: _, ...row } of made) expect(byPlace.get(place(row))).toMatchObject(row);
  }
});

test('an episode of a device has no label that is known, and gets every row of the grid', async () => {
  const output = temporaryFolder();
  make(output);
  const built = await buildDataset([output], set());
  const field = temporaryFolder();
  make(field, { labels: [{ atMs: 0, label: 'unlabelled' }] });
  const out = set();
  await new FeatureApplier(new SchemaRegistry()).apply({
    features: join(built.out, 'deployable/features.json'),
    args: [field],
    out,
    isForced: false,
    output,
    cwd: '/',
  });
  const found = await readParquet([join(out, 'aligned/part-0.parquet')]);
  expect(found.map(({ label }) => label)).toEqual(Array(6).fill('unlabelled'));
  expect(found[2]!.probe__calls__rate).toBeCloseTo(50);
});

test.each<[string, Partial<MadeEpisode>, string, RegExp]>([
  ['lacks a source', { sources: { other: source() } }, 'DATASET_SOURCES_DIFFER', /1 of 2 episodes|2 of 2 episodes/],
  [
    'has rows of another version',
    { sources: { probe: source({ rowVersion: 2 }) } },
    'DATASET_SOURCES_DIFFER',
    /version 1 in .*version 2 in/,
  ],
  [
    'has another collector of the name',
    { sources: { probe: source({ change: { plugin: IMPOSTOR } }) } },
    'DATASET_SOURCES_DIFFER',
    /impostor/,
  ],
  [
    'has an oracle of the name',
    { sources: { probe: source({ isDeployable: false }), more: source() } },
    'DATASET_SOURCES_DIFFER',
    /available|lack/,
  ],
])('an episode that %s does not fit: a sentence, and nothing is written', async (_, odd, code, message) => {
  const output = temporaryFolder();
  make(output);
  make(output, odd);
  const out = set();
  await expect(buildDataset([output], out)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  expect(readdirSync(join(out, '..'))).toEqual([]);
});

test('an episode that lacks a source is left out if that is asked for, and told', async () => {
  const output = temporaryFolder();
  make(output, { sources: { probe: source(), more: source() } });
  const odd = make(output);
  const { document } = await buildDataset([output], set(), { skipIncomplete: true });
  expect(document.episodes).toHaveLength(1);
  expect(document.excluded_episodes).toEqual([{ id: odd.split('/').at(-1), path: odd, why: 'it has no rows of more' }]);
  expect((await buildDataset([output], set(), { sources: ['probe'] })).document.episodes).toHaveLength(2);
});

test('what is not finished, was changed, or is of too low a grade is left out, each with its reason', async () => {
  const output = temporaryFolder();
  make(output);
  rmSync(join(make(output), 'done.marker'));
  appendFileSync(join(make(output), 'telemetry/probe.jsonl'), '{}\n');
  make(output, { grade: 'degraded' });
  make(output, {
    grade: 'invalid',
    meta: { recovered: true, recovery: { at_realtime_ns: 1, version: '0.1.0', lost: [] } },
  });
  const { document } = await buildDataset([output], set());
  expect(document.excluded_episodes.map(({ why }) => why)).toEqual([
    'it is not finished: it has no done.marker',
    'its telemetry/probe.jsonl is not what done.marker says: it was changed afterwards',
    'its grade is degraded; --min-grade ok asks for more',
    'its grade is invalid, recovered after its recorder died; --min-grade ok asks for more',
  ]);
  expect((await buildDataset([output], set(), { minGrade: 'invalid' })).document.episodes).toHaveLength(3);
});

test('two episodes of one id are refused, one folder that is named twice is not', async () => {
  const [a, b] = [temporaryFolder(), temporaryFolder()];
  const path = make(a);
  make(b, { id: path.split('/').at(-1)! });
  await expect(buildDataset([a, b], set())).rejects.toMatchObject({ code: 'DATASET_DUPLICATE' });
  expect((await buildDataset([a, path, `${a}/*`], set())).document.episodes).toHaveLength(1);
});

test('nothing to make a data set of is told', async () => {
  const output = temporaryFolder();
  await expect(buildDataset([output], set())).rejects.toMatchObject({ code: 'EPISODE_NOT_FOUND' });
  make(output, { grade: 'degraded' });
  await expect(buildDataset([output], set())).rejects.toMatchObject({
    code: 'DATASET_EMPTY',
    problems: [expect.stringContaining('degraded')],
  });
  make(output, { sources: { probe: source({ rows: [] }) } });
  await expect(buildDataset([output], set())).rejects.toMatchObject({ code: 'DATASET_NO_FEATURES' });
  const unlabelled = temporaryFolder();
  make(unlabelled, { labels: [{ atMs: 0, label: 'unlabelled' }] });
  await expect(buildDataset([unlabelled], set())).rejects.toMatchObject({
    code: 'DATASET_EMPTY',
    message: expect.stringContaining('no aligned row'),
  });
});

test('a folder that is there is replaced only if it is a data set and that is asked for', async () => {
  const output = temporaryFolder();
  make(output);
  const { out } = await buildDataset([output], set());
  await expect(buildDataset([output], out)).rejects.toMatchObject({ code: 'DATASET_EXISTS' });
  writeFileSync(join(out, 'old.txt'), '');
  await buildDataset([output], out, { isForced: true });
  expect(existsSync(join(out, 'old.txt'))).toBe(false);
  const precious = temporaryFolder();
  mkdirSync(join(precious, 'thesis'));
  await expect(buildDataset([output], precious, { isForced: true })).rejects.toMatchObject({ code: 'DATASET_EXISTS' });
  expect(readdirSync(precious)).toEqual(['thesis']);
});

test('a source that no episode has is told with those that there are', async () => {
  const output = temporaryFolder();
  make(output);
  await expect(buildDataset([output], set(), { sources: ['prope'] })).rejects.toMatchObject({
    code: 'DATASET_SOURCES_DIFFER',
    message: 'no episode has rows of "prope"; there are probe',
  });
});

test('where too few episodes are left for a split, those that were left out are told', async () => {
  const output = temporaryFolder();
  make(output);
  const degraded = make(output, { grade: 'degraded' });
  await expect(buildDataset([output], set(), { ratios: parseRatios('50/50') })).rejects.toMatchObject({
    code: 'SPLIT_IMPOSSIBLE',
    problems: expect.arrayContaining([expect.stringContaining(`left out ${degraded}: its grade is degraded`)]),
  });
});

test('an integer beyond 63 bits is told with its file', async () => {
  const output = temporaryFolder();
  make(output, { sources: { probe: source({ rows: rows(60).map((row) => ({ ...row, calls: 2n ** 64n - 1n })) }) } });
  const out = set();
  await expect(buildDataset([output], out)).rejects.toMatchObject({
    code: 'DATASET_ROWS_UNREADABLE',
    message: expect.stringMatching(/probe\.jsonl.*18446744073709551615/),
    hint: expect.stringContaining('63 bits'),
  });
  expect(readdirSync(join(out, '..'))).toEqual([]);
});
