import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { datapackage } from '../../../src/core/dataset/describe/datapackage.js';
import { temporaryFolder } from '../../support/cli.js';
import { HOSTILE, layOut, madeDataset } from '../../support/dataset.js';

// biome-ignore lint/suspicious/noExplicitAny: a document of any shape
type Node = any;

const PATH = '^((?=[^./~])(?!file:)((?!/\\.\\./)(?!\\\\)(?!://).)*|(http|ftp)s?://.*)$';
const TYPES = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'list', 'date', 'time', 'datetime', 'any'];
const names = { type: 'array', items: { type: 'string' }, minItems: 1 };

/** The rules of https://datapackage.org/profiles/2.0 for what we write. */
const PROFILE = {
  type: 'object',
  required: ['resources'],
  properties: {
    $schema: { const: 'https://datapackage.org/profiles/2.0/datapackage.json' },
    name: { type: 'string', pattern: '^([-a-z0-9._/])+$' },
    title: { type: 'string' },
    description: { type: 'string' },
    version: { type: 'string' },
    keywords: names,
    resources: { type: 'array', minItems: 1, items: { $ref: '#/$defs/resource' } },
  },
  additionalProperties: false,
  $defs: {
    resource: {
      type: 'object',
      required: ['name', 'path', 'schema'],
      properties: {
        $schema: { const: 'https://datapackage.org/profiles/2.0/dataresource.json' },
        name: { type: 'string', pattern: '^([-a-z0-9._/])+$' },
        type: { const: 'table' },
        path: { type: 'array', minItems: 1, items: { type: 'string', pattern: PATH } },
        description: { type: 'string' },
        format: { const: 'parquet' },
        mediatype: { type: 'string', pattern: '^(.+)/(.+)$' },
        bytes: { type: 'integer' },
        hash: { type: 'string', pattern: '^([^:]+:[a-fA-F0-9]+|[a-fA-F0-9]{32}|)$' },
        schema: { $ref: '#/$defs/schema' },
      },
    },
    schema: {
      type: 'object',
      required: ['fields'],
      properties: {
        $schema: { const: 'https://datapackage.org/profiles/2.0/tableschema.json' },
        fields: { type: 'array', minItems: 1, items: { $ref: '#/$defs/field' } },
        primaryKey: names,
        foreignKeys: { type: 'array', minItems: 1, items: { $ref: '#/$defs/foreignKey' } },
      },
      additionalProperties: false,
    },
    field: {
      type: 'object',
      required: ['name', 'type'],
      properties: {
        name: { type: 'string' },
        type: { enum: TYPES },
        description: { type: 'string' },
        categories: { ...names, uniqueItems: true },
        constraints: {
          type: 'object',
          properties: { required: { type: 'boolean' } },
          additionalProperties: false,
        },
      },
    },
    foreignKey: {
      type: 'object',
      required: ['fields', 'reference'],
      properties: {
        fields: names,
        reference: {
          type: 'object',
          required: ['resource', 'fields'],
          properties: { resource: { type: 'string' }, fields: names },
        },
      },
    },
  },
};

const document = madeDataset();
const made: Node = JSON.parse(JSON.stringify(datapackage(document)));
const resource = (name: string): Node => made.resources.find((each: Node) => each.name === name);
const field = (name: string, column: string): Node =>
  resource(name).schema.fields.find((each: Node) => each.name === column);

function expectPackage(what: unknown): void {
  const validate = new Ajv2020({ allErrors: true }).compile(PROFILE);
  validate(what);
  expect(validate.errors).toBe(null);
}

test('it is what the profile of a data package asks for', () => {
  expectPackage(made);
  expect(made.name).toBe('miners');
});

test('whatever the data set is called, its name is one of a package', () => {
  for (const name of [HOSTILE, '...', 'Ärger & Söhne', '/', '🙂', 'a/../b']) {
    const changed: Node = datapackage(madeDataset({ name }));
    expect(changed.name).toMatch(/^[a-z0-9._-]+$/);
    expectPackage(JSON.parse(JSON.stringify(changed)));
  }
});

test('each file is in one resource, which has its size and digest', () => {
  const folder = temporaryFolder();
  layOut(document, folder);
  const paths = made.resources.flatMap(({ path }: Node) => path);
  expect(new Set(paths).size).toBe(18);
  for (const path of paths) expect(existsSync(join(folder, path))).toBe(true);
  expect(resource('deployable_aligned-test')).toMatchObject({
    path: ['deployable/aligned/split=test/part-0.parquet'],
    bytes: 4097,
    hash: `sha256:${'1'.padStart(64, '0')}`,
    split: 'test',
    view: 'deployable',
  });
});

test('names of resources, and of the fields in each, are there once', () => {
  const unique = (all: string[]) => expect(new Set(all).size).toBe(all.length);
  unique(made.resources.map(({ name }: Node) => name));
  for (const { schema } of made.resources) unique(schema.fields.map(({ name }: Node) => name));
});

test('keys name fields that are there, of the same split', () => {
  expect(resource('episodes-train').schema.primaryKey).toEqual(['episode_id']);
  expect(resource('oracle_aligned-test').schema.primaryKey).toEqual(['episode_id', 'step']);
  expect(resource('labels-test').schema.primaryKey).toEqual(['episode_id', 'position']);
  expect(resource('deployable_rows_system-train').schema).not.toHaveProperty('primaryKey');
  for (const { schema, split } of made.resources) {
    const has = (names_: string[], fields: Node[]) =>
      expect(fields.map(({ name }: Node) => name)).toEqual(expect.arrayContaining(names_));
    has(schema.primaryKey ?? [], schema.fields);
    for (const { fields, reference } of schema.foreignKeys ?? []) {
      has(fields, schema.fields);
      expect(reference.resource).toBe(`episodes-${split}`);
      has(reference.fields, resource(reference.resource).schema.fields);
    }
  }
});

test('columns keep their type, their unit and their role; a label has its classes', () => {
  expect(field('deployable_aligned-train', 'label')).toMatchObject({
    type: 'string',
    categories: ['benign', 'malicious'],
    role: 'label',
  });
  expect(field('labels-train', 'label')).not.toHaveProperty('categories');
  expect(field('deployable_rows_system-train', 'disks').type).toBe('array');
  expect(field('oracle_aligned-train', 'host_proc__voluntary_ctxsw__rate')).toMatchObject({
    type: 'number',
    unit: '{switch}/s',
    role: 'feature',
    availableInDeployment: false,
  });
});

test('a table of several files in a split has no digest of its own', () => {
  const [table] = document.tables;
  const files = [...table!.files, { ...table!.files[0]!, path: 'tables/episodes/split=train/part-1.parquet' }];
  const { resources }: Node = datapackage(madeDataset({ tables: [{ ...table!, files }] }));
  expect(resources[0].path).toHaveLength(2);
  expect(resources[0]).toMatchObject({ bytes: 8192 });
  expect(resources[0]).not.toHaveProperty('hash');
});
