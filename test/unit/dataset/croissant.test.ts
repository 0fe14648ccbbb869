import { expect, test } from 'vitest';
import { croissant } from '../../../src/core/dataset/describe/croissant.js';
import { CROISSANT_CONTEXT } from '../../../src/core/dataset/describe/croissant-context.js';
import { temporaryFolder } from '../../support/cli.js';
import { HOSTILE, layOut, madeDataset, matching } from '../../support/dataset.js';

// What follows is what mlcroissant looks at when it loads a file, and what the specification says MUST be.
// https://docs.mlcommons.org/croissant/docs/croissant-spec.html

// biome-ignore lint/suspicious/noExplicitAny: a document of any shape
type Node = any;

const document = madeDataset();
const made: Node = JSON.parse(JSON.stringify(croissant(document)));
const fieldsOf = (set: Node): Node[] => set.field.flatMap((field: Node) => [field, ...(field.subField ?? [])]);
const recordSet = (id: string): Node => made.recordSet.find((set: Node) => set['@id'] === id);
const fieldOf = (set: string, name: string): Node => recordSet(set).field.find((field: Node) => field.name === name);

const withData = made.recordSet.filter((set: Node) => set.data === undefined);
const ATOMIC = ['sc:Integer', 'sc:Float', 'sc:Text', 'sc:Boolean', 'sc:URL'];

test('it has every property that Croissant asks of a data set', () => {
  expect(made).toMatchObject({
    '@context': CROISSANT_CONTEXT,
    '@type': 'sc:Dataset',
    conformsTo: 'http://mlcommons.org/croissant/1.0',
    name: 'miners',
    url: 'index.html',
    license: expect.stringMatching(/^http/),
    creator: { '@type': expect.stringMatching(/^sc:(Person|Organization)$/), name: expect.any(String) },
    datePublished: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
    version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
  });
  expect(made.description.length).toBeGreaterThan(20);
});

test('every id is there once, every reference is to one that is there', () => {
  const nodes = [...made.distribution, ...made.recordSet, ...made.recordSet.flatMap(fieldsOf)];
  const ids = nodes.map((node: Node) => node['@id']);
  expect(new Set(ids).size).toBe(ids.length);
  const fileSets = made.distribution.filter((node: Node) => node['@type'] === 'cr:FileSet');
  for (const field of withData.flatMap(fieldsOf)) {
    if (field.subField === undefined) expect(fileSets).toContainEqual(expect.objectContaining(field.source.fileSet));
    if (field.references !== undefined) expect(ids).toContain(field.references.field['@id']);
  }
  for (const set of made.recordSet) for (const key of [set.key ?? []].flat()) expect(ids).toContain(key['@id']);
});

test('a field has one way to be extracted, and an atomic type or fields of its own', () => {
  for (const field of withData.flatMap(fieldsOf)) {
    expect(field['@type']).toBe('cr:Field');
    if (field.subField !== undefined) continue;
    expect(Object.keys(field.source.extract)).toHaveLength(1);
    expect(ATOMIC).toContain([field.dataType].flat()[0]);
  }
});

test('each Parquet file is told with its size and digest, and is in exactly one set of files', () => {
  const folder = temporaryFolder();
  layOut(document, folder);
  const objects = made.distribution.filter((node: Node) => node['@type'] === 'cr:FileObject');
  const sets = made.distribution.filter((node: Node) => node['@type'] === 'cr:FileSet');
  const found = sets.flatMap((set: Node) => matching(set.includes, folder));
  expect(found.toSorted()).toEqual(objects.map((node: Node) => node.contentUrl).toSorted());
  expect(found).toHaveLength(18);
  for (const node of objects) {
    expect(node).toMatchObject({ encodingFormat: 'application/x-parquet', '@id': node.contentUrl });
    expect(node.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(node.contentSize).toMatch(/^\d+ B$/);
  }
});

test('the split is taken from the path, by an expression that matches from its start', () => {
  const { source } = fieldOf('deployable_aligned', 'split');
  expect(source.extract).toEqual({ fileProperty: 'fullpath' });
  const regex = new RegExp(source.transform.regex);
  expect(regex.exec('deployable/aligned/split=test/part-0.parquet')?.[1]).toBe('test');
  expect(regex.exec('split=train/part-0.parquet')?.[1]).toBe('train');
  expect(regex.test('deployable/aligned/split=other/part-0.parquet')).toBe(false);
});

test('splits and classes are there as data whose keys are the fields', () => {
  expect(recordSet('splits')).toMatchObject({ dataType: 'cr:Split', key: { '@id': 'splits/name' } });
  expect(recordSet('splits').data).toEqual([
    { 'splits/name': 'train', 'splits/url': 'cr:TrainingSplit' },
    { 'splits/name': 'test', 'splits/url': 'cr:TestSplit' },
  ]);
  expect(recordSet('classes').data).toEqual([{ 'classes/name': 'benign' }, { 'classes/name': 'malicious' }]);
});

test('columns keep their type, their unit and their meaning', () => {
  expect(fieldOf('deployable_aligned', 'label').dataType).toEqual(['sc:Text', 'cr:Label']);
  expect(fieldOf('deployable_aligned', 'step').dataType).toBe('sc:Integer');
  expect(fieldOf('deployable_aligned', 'system__context_switches__rate')).toMatchObject({
    dataType: 'sc:Float',
    description: expect.stringContaining('Unit: {switch}/s.'),
  });
  const disks = fieldOf('deployable_rows_system', 'disks');
  expect(disks).toMatchObject({ repeated: true });
  expect(disks.subField.map(({ name, dataType, source }: Node) => [name, dataType, source.transform])).toEqual([
    ['name', 'sc:Text', { jsonPath: 'name' }],
    ['sectors', 'sc:Integer', { jsonPath: 'sectors' }],
  ]);
});

test('it tells no time that differs from build to build, and no class or date where there is none', () => {
  expect(made.datePublished).toBe('2026-01-01');
  const empty: Node = croissant(madeDataset({ name: HOSTILE, episodes: [], classes: [], tables: [] }));
  expect(empty).not.toHaveProperty('datePublished');
  expect(empty.recordSet.map((set: Node) => set['@id'])).toEqual(['splits']);
});
