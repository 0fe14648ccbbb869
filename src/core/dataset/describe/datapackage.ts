import type { Column, DatasetDocument, Table, TableFile } from '../dataset-document.js';
import { columnShape } from './column-shape.js';
import { lede } from './lede.js';
import { primaryKey, splitsOf, tableId } from './table-id.js';

const PROFILES = 'https://datapackage.org/profiles/2.0';

/**
 * datapackage.json: the data set as a Frictionless Data Package 2.0 (https://datapackage.org/standard/data-package).
 * A resource is one split of one table, since the split is in no file. Beyond the standard: `split`, `table`, `view`, and
 * `role`, `unit` and `availableInDeployment` of a field.
 */
export function datapackage(document: DatasetDocument): object {
  return {
    $schema: `${PROFILES}/datapackage.json`,
    name: packageName(document.name),
    title: document.name,
    description: lede(document),
    version: `${document.schema_version}.0.0`,
    keywords: ['telemetry', 'malware', 'cis490'],
    resources: document.tables.flatMap((table) =>
      splitsOf(table, document.splits).map(({ split, files }) => resource(table, split, files, document.classes)),
    ),
  };
}

function resource(table: Table, split: string, files: readonly TableFile[], classes: readonly string[]): object {
  return {
    $schema: `${PROFILES}/dataresource.json`,
    name: resourceName(tableId(table), split),
    type: 'table',
    path: files.map(({ path }) => path),
    description: table.description,
    format: 'parquet',
    mediatype: 'application/vnd.apache.parquet',
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    // of several files the standard knows no digest; dataset.json has that of each
    ...(files.length === 1 && { hash: `sha256:${files[0]!.sha256}` }),
    split,
    table: table.name,
    view: table.view,
    schema: tableSchema(table, split, classes),
  };
}

function tableSchema(table: Table, split: string, classes: readonly string[]): object {
  const key = primaryKey(table);
  const hasEpisode = table.kind !== 'episodes' && table.columns.some(({ name }) => name === 'episode_id');
  return {
    $schema: `${PROFILES}/tableschema.json`,
    fields: table.columns.map((column) => field(column, table, classes)),
    ...(key.length > 0 && { primaryKey: key }),
    ...(hasEpisode && { foreignKeys: [toEpisodes(split)] }),
  };
}

/** An episode is whole in one split, and so are the rows of all tables that are about it. */
const toEpisodes = (split: string) => ({
  fields: ['episode_id'],
  reference: { resource: resourceName('episodes', split), fields: ['episode_id'] },
});

function field(column: Column, table: Table, classes: readonly string[]): object {
  const { name, type, role, unit, description, available_in_deployment } = column;
  const isClass = name === 'label' && (table.kind === 'aligned' || table.kind === 'windows') && classes.length > 0;
  return {
    name,
    type: fieldType(type),
    description,
    ...(isClass && { categories: classes }),
    ...(primaryKey(table).includes(name) && { constraints: { required: true } }),
    role,
    ...(unit !== null && { unit }),
    ...(available_in_deployment !== null && { availableInDeployment: available_in_deployment }),
  };
}

function fieldType(type: string): string {
  const { kind, isList } = columnShape(type);
  if (isList) return 'array';
  return kind === 'record' ? 'object' : kind;
}

const resourceName = (table: string, split: string): string => `${table}-${split}`;

/** Lower case letters, digits, ".", "_" and "-", as names of packages have been since the first version. */
function packageName(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return plain === '' ? 'dataset' : plain;
}
