import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type AuditOptions, auditDataset } from '../../../../src/core/dataset/audit/audit-dataset.js';
import type { AuditReport } from '../../../../src/core/dataset/audit/audit-report.js';
import {
  noiseOf,
  pairs,
  type TestDataset,
  type TestEpisode,
  withColumns,
  writeDataset,
} from '../../../support/dataset-folder.js';
import { expectValid } from '../../../support/schemas.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

async function audit(dataset: TestDataset, options: Partial<AuditOptions> = {}): Promise<AuditReport> {
  const folder = temporaryFolder();
  await writeDataset(folder, dataset);
  const report = await auditDataset(folder, { threshold: 0.5, ignored: [], ...options });
  expectValid(JSON.parse(JSON.stringify(report)), 'results/dataset-audit.schema.json');
  return report;
}

const leaks = ({ findings }: AuditReport) => findings.filter(({ status }) => status === 'leak').map(({ name }) => name);
const finding = ({ findings }: AuditReport, name: string) => findings.find((one) => one.name === name)!;

const lasting = (seconds: number) => (label: string) => ({ label, seconds });

test('a laboratory that does all right has no leak', async () => {
  const report = await audit({ episodes: pairs(12), groupBy: ['pair'] });
  expect(leaks(report)).toEqual([]);
  expect(report).toMatchObject({ is_leaking: false, episodes: 24, pairs: 36, unpaired: [], near_duplicates: [] });
  expect(report.findings.filter(({ status }) => status === 'unclear')).toEqual([]);
});

test.each<[string, string, (episode: TestEpisode, arm: string) => Partial<TestEpisode>]>([
  ['a host that only runs malicious ones', 'host', (e, arm) => withColumns(e, { host: `for-${arm}` })],
  ['an image of its own', 'image', (e, arm) => withColumns(e, { image: arm === 'benign' ? null : 'infected' })],
  ['a saved state of its own', 'state', (e, arm) => withColumns(e, { state: arm })],
  [
    'another set of collectors',
    'collectors',
    (e, arm) => withColumns(e, { collectors: arm === 'benign' ? 'system' : 'exec,system' }),
  ],
  ['more rows', 'row_count', (e, arm) => withColumns(e, { rows: arm === 'benign' ? 200n : 300n })],
  [
    'a longer duration',
    'duration',
    (e, arm) => withColumns(e, { duration_ns: arm === 'benign' ? 20_000_000_000n : 21_000_000_000n }),
  ],
  [
    'more work for the recorder',
    'recorder_cpu',
    (e, arm) => withColumns(e, { recorder_cpu_share: arm === 'benign' ? 0.02 : 0.03 }),
  ],
  [
    'nulls',
    'null_pattern',
    (e) => ({ features: noiseOf(e.id, (row, label) => (label === 'malicious' ? row.with(2, null) : row)) }),
  ],
  [
    'load',
    'load',
    (e) => ({ features: noiseOf(e.id, (row, label) => (label === 'malicious' ? row.with(0, 1 + row[0]!) : row)) }),
  ],
  ['a place in the middle', 'phase_order', (_, arm) => ({ phases: ['benign', arm, 'benign'].map(lasting(10)) })],
  ['a place at the end', 'phase_position', (_, arm) => ({ phases: ['benign', arm].map(lasting(10)) })],
  [
    'longer phases',
    'phase_duration',
    (e) => ({ phases: e.phases.map(({ label }) => ({ label, seconds: label === 'benign' ? 8 : 12 })) }),
  ],
])('%s of the malicious arm is found, under the name %s', async (_, name, change) => {
  const report = await audit({ episodes: pairs(12, change) });
  expect(leaks(report)).toContain(name);
  expect(report.is_leaking).toBe(true);
  expect(finding(report, name).sentence).toMatch(/ tells (the label|which labels an episode holds): .*\d.*\.$/);
});

test('episodes of one label each, recorded one arm after the other, are told by their time', async () => {
  const episodes = pairs(12, (episode, arm) => ({
    ...withColumns(episode, {
      start_realtime_ns: (arm === 'benign' ? 1n : 2n) * 10n ** 18n + BigInt(episode.id.slice(-2)),
    }),
    phases: [{ label: arm, seconds: 20 }],
  }));
  expect(leaks(await audit({ episodes }))).toEqual(['start_time']);
});

test('of few episodes a host that looks like a leak is too few to tell, and so are hosts of their own', async () => {
  const few = finding(await audit({ episodes: pairs(3, (e, arm) => withColumns(e, { host: arm })) }), 'host');
  expect(few).toMatchObject({ status: 'unclear', n: 6 });
  expect(few.sentence).toContain('n = 6 episodes are too few to tell');
  const own = finding(await audit({ episodes: pairs(12, (e) => withColumns(e, { host: e.id })) }), 'host');
  expect(own).toMatchObject({ status: 'unclear', score: 0, value: 1 });
});

test('a seed that each episode has for itself is as it should be', async () => {
  const report = await audit({ episodes: pairs(12, (e) => withColumns(e, { seed: BigInt(e.id.slice(-3)) })) });
  expect(finding(report, 'seed').status).toBe('ok');
});

test('what is left out of one class alone is a leak; what has no class does not count', async () => {
  const excludedRows = [
    { label: 'malicious', reason: 'boundary', rows: 900 },
    { label: 'benign', reason: 'boundary', rows: 20 },
    { label: 'unknown', reason: 'no_class', rows: 5000 },
  ] as const;
  const report = await audit({ episodes: pairs(12), excludedRows });
  expect(leaks(report)).toEqual(['exclusion']);
  expect(finding(report, 'exclusion').sentence).toBe(
    'What was left out depends on the label: 88 % of the rows of malicious were left out, and 5 % of those of benign.',
  );
});

test('an episode that is in two splits all but twice is found, by its rows and by their means', async () => {
  const episodes = pairs(12);
  const [first, last] = [episodes[0]!, episodes.at(-1)!];
  const copy = { ...last, phases: first.phases, features: noiseOf(first.id) };
  const report = await audit({ episodes: [...episodes.slice(0, -1), copy] });
  expect(leaks(report)).toEqual(['near_duplicates', 'equal_rows']);
  expect(report.near_duplicates).toEqual([
    { episodes: [first.id, last.id].sort(), splits: ['train', 'test'], distance: 0 },
  ]);
  const blurred = noiseOf(first.id, (row) => row.with(0, row[0]! + 1e-3));
  const near = await audit({ episodes: [...episodes.slice(0, -1), { ...copy, features: blurred }] });
  expect(leaks(near)).toEqual(['near_duplicates']);
});

test('one experiment that was recorded twice is found where it is in two splits', async () => {
  const episodes = pairs(12, (e) => withColumns(e, { state: 'f77c', seed: 1n, pair: null }));
  expect(leaks(await audit({ episodes }))).toEqual(['same_start']);
  const trained = episodes.map((episode) => ({ ...episode, split: 'train' }));
  expect(finding(await audit({ episodes: trained }), 'same_start').status).toBe('not_told');
});

test('a member of a group on two sides is found in the tables, whatever splits.json says', async () => {
  const report = await audit({ episodes: pairs(12), groupBy: ['pair', 'host'] });
  expect(leaks(report)).toEqual(['split_overlap']);
  expect(finding(report, 'split_overlap').sentence).toContain('the host host-0 is in train and');
});

test('a pair of which one arm is missing is listed, and is no leak', async () => {
  const episodes = pairs(12);
  const report = await audit({
    episodes: episodes.filter(({ columns }) => columns!.pair !== '3' || columns!.arm !== 'benign'),
  });
  expect(report.unpaired).toEqual([
    { scenario: 'test', pair: '3', arm: 'malicious', episodes: [expect.stringMatching(/^01JD/)] },
  ]);
  expect(report.is_leaking).toBe(false);
});

test('what is ignored is told all the same, and is no leak', async () => {
  const episodes = pairs(12, (e, arm) => withColumns(e, { host: arm, collectors: arm }));
  const report = await audit({ episodes }, { ignored: ['host'] });
  expect(report.is_leaking).toBe(true);
  expect(finding(report, 'host')).toMatchObject({ status: 'leak', is_ignored: true });
  expect((await audit({ episodes }, { ignored: ['host', 'collectors'] })).is_leaking).toBe(false);
  await expect(audit({ episodes }, { ignored: ['hst'] })).rejects.toThrow(
    /^no finding "hst" to be ignored; there are host, /,
  );
});

test('a feature that settles the label by itself is flagged, and is no leak', async () => {
  const episodes = pairs(12, (e) => ({
    features: noiseOf(e.id, (row, label) => (label === 'malicious' ? row.with(1, 2) : row)),
  }));
  const report = await audit({ episodes });
  expect(report.features[0]).toMatchObject({ name: 'system__faults__rate', auc: 1, is_too_good: true });
  expect(report.features[1]!.is_too_good).toBe(false);
  expect(report.is_leaking).toBe(false);
});

test('of three classes the one that is told best counts', async () => {
  const labels = ['benign', 'miner', 'scanner'];
  const episodes = pairs(15, (e) => ({
    phases: labels.map((label) => ({ label, seconds: 10 })).sort((a, b) => (a.label + e.id > b.label + e.id ? 1 : -1)),
    features: noiseOf(e.id, (row, label) => (label === 'scanner' ? row.with(0, 2) : row)),
  }));
  const report = await audit({ episodes });
  expect(finding(report, 'load').sentence).toContain('the AUC of system__busy__rate alone for scanner is 1.00');
});

test('with one class there is nothing to tell', async () => {
  const episodes = pairs(4, () => ({ phases: [{ label: 'benign', seconds: 20 }] }));
  const report = await audit({ episodes });
  expect(finding(report, 'host').status).toBe('not_told');
  expect(report.is_leaking).toBe(false);
});

test('the same data set gives the same report', async () => {
  const folder = temporaryFolder();
  await writeDataset(folder, { episodes: pairs(8) });
  const report = () => auditDataset(folder, { threshold: 0.5, ignored: [] });
  expect(await report()).toEqual(await report());
});

test.each<[string, (folder: string) => void, RegExp]>([
  ['no dataset.json', (f) => rmSync(join(f, 'dataset.json')), /dataset\.json can not be read/],
  [
    'a dataset.json of another version',
    (f) => writeFileSync(join(f, 'dataset.json'), '{"schema_version": 9}'),
    /has the schema version 9, not 1/,
  ],
  [
    'a dataset.json that is none',
    (f) => writeFileSync(join(f, 'dataset.json'), '[]'),
    /has the schema version undefined/,
  ],
  ['no splits.json', (f) => rmSync(join(f, 'splits.json')), /splits\.json can not be read/],
  ['a missing file', (f) => rmSync(join(f, 'tables/labels/split=train/part-0.parquet')), /part-0\.parquet is missing/],
  [
    'a damaged file',
    (f) => writeFileSync(join(f, 'tables/episodes/split=train/part-0.parquet'), 'PAR1'),
    /can not be read as a data set: /,
  ],
])('a data set with %s is told as unreadable', async (_, damage, sentence) => {
  const folder = temporaryFolder();
  await writeDataset(folder, { episodes: pairs(4) });
  damage(folder);
  const attempt = auditDataset(folder, { threshold: 0.5, ignored: [] });
  await expect(attempt).rejects.toThrow(
    expect.objectContaining({ code: 'DATASET_UNREADABLE', message: expect.stringMatching(sentence) }),
  );
});

test('a view that the data set has not is told, with those that it has', async () => {
  await expect(audit({ episodes: pairs(4) }, { view: 'oracle' })).rejects.toThrow(
    /has no view oracle; there is deployable/,
  );
});
