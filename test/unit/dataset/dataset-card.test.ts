import { defaultLoaders } from 'cosmiconfig';
import { expect, test } from 'vitest';
import type { DatasetDocument } from '../../../src/core/dataset/dataset-document.js';
import { datasetCard } from '../../../src/core/dataset/describe/dataset-card.js';
import { temporaryFolder } from '../../support/cli.js';
import { HOSTILE, layOut, madeDataset, madeFeatures, matching, UNSEEN } from '../../support/dataset.js';

interface Config {
  config_name: string;
  default?: boolean;
  data_files: { split: string; path: string }[];
}

/** What ends a line in Python. */
const LINE_END = /\r\n|[\n\v\f\r\x85\u2028\u2029]/;

/** As `datasets` does it: the front matter is what stands between the first two lines of "---". */
function read(changes: Partial<DatasetDocument> = {}) {
  const text = datasetCard(madeDataset(changes), madeFeatures());
  const [first, ...lines] = text.split(LINE_END);
  expect(first).toBe('---');
  const end = lines.indexOf('---');
  const matter = defaultLoaders['.yaml']('README.md', lines.slice(0, end).join('\n'));
  return { matter, configs: matter.configs as Config[], body: lines.slice(end + 1).join('\n') };
}

test('each config loads files that are there, and together they load every one once', () => {
  const folder = temporaryFolder();
  const document = madeDataset();
  layOut(document, folder);
  const patterns = read().configs.flatMap(({ data_files }) => data_files.map(({ path }) => path));
  const found = patterns.map((pattern) => matching(pattern, folder));
  for (const files of found) expect(files).toHaveLength(1);
  const all = document.tables.flatMap(({ files }) => files.map(({ path }) => path));
  expect(found.flat().toSorted()).toEqual(all.toSorted());
});

test('names of configs and splits are ones that datasets takes, each there once', () => {
  const { configs } = read();
  const names = configs.map(({ config_name }) => config_name);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).not.toMatch(/[<>:/\\|?*]/);
  for (const { data_files } of configs) {
    const splits = data_files.map(({ split }) => split);
    expect(new Set(splits).size).toBe(splits.length);
    for (const [i, { path }] of data_files.entries()) {
      expect(splits[i]).toMatch(/^\w+(\.\w+)*$/);
      expect(path).toContain(`/split=${splits[i]}/`);
    }
  }
});

test('what is loaded where nothing is named is what a deployed model may learn from', () => {
  const defaults = read().configs.filter((config) => config.default !== undefined);
  expect(defaults).toEqual([expect.objectContaining({ config_name: 'deployable_aligned', default: true })]);
});

test('without a deployable view, one of the others is the default', () => {
  const tables = madeDataset().tables.filter(({ view }) => view !== 'deployable');
  const defaults = read({ views: ['oracle'], tables }).configs.filter((config) => config.default);
  expect(defaults.map(({ config_name }) => config_name)).toEqual(['oracle_aligned']);
});

test('a split without a file of a table is not among its splits', () => {
  const tables = madeDataset().tables.map((table) => ({ ...table, files: table.files.slice(0, 1) }));
  for (const { data_files } of read({ tables }).configs)
    expect(data_files.map(({ split }) => split)).toEqual(['train']);
  expect(read({ tables: tables.map((table) => ({ ...table, files: [] })) }).configs).toEqual([]);
});

test.each([
  [999, 'n<1K'],
  [1000, '1K<n<10K'],
  [123_456_789, '100M<n<1B'],
  [5e9, 'n>1B'],
])('%d rows are of the size category %s', (rows, category) => {
  const aligned = madeDataset().tables.find(({ name }) => name === 'aligned')!;
  const files = [{ ...aligned.files[0]!, rows }];
  expect(read({ tables: [{ ...aligned, files }] }).matter.size_categories).toEqual([category]);
});

test('the text tells classes, sources, what was left out, warnings, and the command', () => {
  const { body } = read();
  expect(body).toContain('| `train` | 41 | 19 | 60 | 2 |');
  expect(body).toContain('| `host_proc` | **no: oracle** |');
  expect(body).toContain('| benign | 4 | its label did not hold');
  expect(body).toContain('`01KF0000000000000000000009`: It has no marker.');
  expect(body).toContain('- Two episodes have no benign twin.');
  expect(body).toContain("cis490 dataset build 'data/episodes/*' --out miners --view oracle\n");
  expect(body).toContain('load_dataset(".", "deployable_aligned", split="test")');
});

test('it warns of the oracle where there is one, and only there', () => {
  expect(read().body).toContain('**Not for deployment.**');
  expect(read({ views: ['deployable'] }).body).not.toContain('Not for deployment');
});

test('no name from an episode or a folder gets out of its place', () => {
  const { matter, body, configs } = read({
    name: HOSTILE,
    command: ['cis490', HOSTILE],
    warnings: [HOSTILE],
    excluded_episodes: [{ id: HOSTILE, path: HOSTILE, why: HOSTILE }],
    cis490_version: HOSTILE,
  });
  expect(matter.pretty_name).toBe(HOSTILE.replace('\ud800', '\ufffd'));
  expect(configs.filter((config) => config.default)).toHaveLength(1);
  const outsideCode = body.replace(/^(`{3,}).*?^\1$/gms, '').replace(/(?<![\\`])(`+)(?!`).*?(?<!`)\1(?!`)/gs, '');
  expect(outsideCode).not.toMatch(/^---|(?<!\\)(\[x\\?\]|<script)/m);
  for (const character of UNSEEN) expect(body).not.toContain(character);
});
