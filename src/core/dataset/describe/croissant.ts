import type { DatasetDocument, Table } from '../dataset-document.js';
import { CROISSANT_CONTEXT } from './croissant-context.js';
import { croissantFields } from './croissant-fields.js';
import { lastEndMs } from './dataset-figures.js';
import { lede } from './lede.js';
import { primaryKey, tableId } from './table-id.js';

/** What SPDX has for a license that nobody has told; whoever publishes the data set tells it. */
const NO_LICENSE_TOLD = 'http://spdx.org/rdf/terms#noassertion';
const PARQUET = 'application/x-parquet';
const SPLIT_TYPES: Readonly<Record<string, string>> = {
  train: 'cr:TrainingSplit',
  validation: 'cr:ValidationSplit',
  test: 'cr:TestSplit',
};

/**
 * croissant.json: the data set as MLCommons Croissant 1.0 (http://mlcommons.org/croissant/1.0). Each table is a FileSet
 * of the folder that the file lies in, and a RecordSet over it; each Parquet file is a FileObject with its digest.
 */
export function croissant(document: DatasetDocument): object {
  const tables = document.tables.filter(({ files }) => files.length > 0);
  return {
    '@context': CROISSANT_CONTEXT,
    '@type': 'sc:Dataset',
    name: document.name,
    description: lede(document),
    conformsTo: 'http://mlcommons.org/croissant/1.0',
    version: `${document.schema_version}.0.0`,
    license: NO_LICENSE_TOLD,
    url: 'index.html',
    creator: { '@type': 'sc:Organization', name: 'not stated' },
    ...dates(document),
    keywords: ['telemetry', 'malware', 'behavioural detection', 'cis490'],
    isLiveDataset: false,
    distribution: tables.flatMap(distribution),
    recordSet: [splitSet(document), ...classSet(document), ...tables.map((table) => recordSet(table, document.splits))],
  };
}

/** The same input makes the same bytes: it tells the day of the last recording, not that of the build. */
function dates(document: DatasetDocument): object {
  const last = lastEndMs(document);
  if (last === null) return {};
  const day = new Date(last).toISOString().slice(0, 10);
  return { dateCreated: day, datePublished: day };
}

function distribution(table: Table): object[] {
  const set = {
    '@type': 'cr:FileSet',
    '@id': fileSetId(table),
    name: fileSetId(table),
    description: table.description,
    encodingFormat: PARQUET,
    includes: `${table.path}/split=*/*.parquet`,
  };
  const objects = table.files.map(({ path, bytes, sha256 }) => ({
    '@type': 'cr:FileObject',
    '@id': path,
    name: path,
    contentUrl: path,
    contentSize: `${bytes} B`,
    encodingFormat: PARQUET,
    sha256,
  }));
  return [set, ...objects];
}

function recordSet(table: Table, splits: readonly string[]): object {
  const id = tableId(table);
  const key = primaryKey(table).map((column) => ({ '@id': `${id}/${column}` }));
  return {
    '@type': 'cr:RecordSet',
    '@id': id,
    name: id,
    description: table.description,
    ...(key.length > 0 && { key: key.length === 1 ? key[0] : key }),
    field: croissantFields(table, splits, fileSetId(table)),
  };
}

function splitSet({ splits }: DatasetDocument): object {
  return {
    '@type': 'cr:RecordSet',
    '@id': 'splits',
    name: 'splits',
    description: 'The splits, and what each is for.',
    dataType: 'cr:Split',
    key: { '@id': 'splits/name' },
    field: [inlineField('splits/name', 'sc:Text'), inlineField('splits/url', 'sc:URL')],
    data: splits.map((name) => ({ 'splits/name': name, 'splits/url': SPLIT_TYPES[name] ?? 'cr:Split' })),
  };
}

function classSet({ classes }: DatasetDocument): object[] {
  if (classes.length === 0) return [];
  return [
    {
      '@type': 'cr:RecordSet',
      '@id': 'classes',
      name: 'classes',
      description: 'The labels that aligned rows have.',
      dataType: 'sc:Enumeration',
      key: { '@id': 'classes/name' },
      field: [inlineField('classes/name', 'sc:Text')],
      data: classes.map((name) => ({ 'classes/name': name })),
    },
  ];
}

/** Readers look inline data up by the field's name, or by its id: they are the same. */
const inlineField = (id: string, dataType: string) => ({ '@type': 'cr:Field', '@id': id, name: id, dataType });

const fileSetId = (table: Table): string => `${tableId(table)}-files`;
