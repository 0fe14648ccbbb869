import { statSync } from 'node:fs';
import { join } from 'node:path';
import { CisError } from '../../errors/cis-error.js';
import { errorMessage } from '../../errors/describe-error.js';
import { readDocument } from '../../files/read-document.js';
import { parseJson } from '../../json/exact-json.js';
import { toText } from '../../text/to-text.js';
import { DATASET_SCHEMA_VERSION, type DatasetDocument, type Table, type View } from '../dataset-document.js';
import { fileList, quoteText } from '../duckdb/sql.js';
import { FEATURES_SCHEMA_VERSION, type FeatureDocument } from '../feature-document.js';
import { SPLITS_SCHEMA_VERSION, type SplitsDocument } from '../split/splits-document.js';

/** A finished data set on disk. */
export interface DatasetFolder {
  readonly path: string;
  readonly dataset: DatasetDocument;
  readonly splits: SplitsDocument;
}

/** Reads dataset.json and splits.json. Throws DATASET_UNREADABLE. */
export function openDatasetFolder(path: string): DatasetFolder {
  const dataset = readJson(path, 'dataset.json', DATASET_SCHEMA_VERSION) as DatasetDocument;
  requireLists(dataset, join(path, 'dataset.json'), ['tables', 'views', 'splits', 'classes', 'excluded_rows']);
  if (typeof dataset.aligned_rows !== 'object') throw unreadable(`${join(path, 'dataset.json')} has no "aligned_rows"`);
  const splits = readJson(path, 'splits.json', SPLITS_SCHEMA_VERSION) as SplitsDocument;
  requireLists(splits, join(path, 'splits.json'), ['groups']);
  return { path, dataset, splits };
}

function requireLists<T extends object>(document: T, path: string, keys: readonly (keyof T & string)[]): void {
  for (const key of keys) if (!Array.isArray(document[key])) throw unreadable(`${path} has no list "${key}"`);
}

/** Throws DATASET_UNREADABLE. */
export function readFeatures({ path }: DatasetFolder, view: View): FeatureDocument {
  const document = readJson(path, `${view}/features.json`, FEATURES_SCHEMA_VERSION) as FeatureDocument;
  requireLists(document, join(path, `${view}/features.json`), ['features']);
  return document;
}

/** The table of a name; of those that a view has, its own. Throws DATASET_UNREADABLE. */
export function tableOf({ path, dataset }: DatasetFolder, name: string, view: View | null = null): Table {
  const table = dataset.tables.find((candidate) => candidate.name === name && candidate.view === view);
  const what = view === null ? name : `${name} of the view ${view}`;
  if (table === undefined || table.files.length === 0) throw unreadable(`${path} has no table ${what}`);
  return table;
}

/** A table to select from, with its files' split as the column `split`. Throws DATASET_UNREADABLE if a file is missing. */
export function relationOf({ path }: DatasetFolder, { files }: Table): string {
  const parts = files.map(({ path: file, split }) => {
    if (file.startsWith('/') || file.split('/').includes('..'))
      throw unreadable(`dataset.json names the file ${JSON.stringify(file)}, which is not in its folder`);
    const full = join(path, file);
    if (!statSync(full, { throwIfNoEntry: false })?.isFile()) throw unreadable(`${full} is missing`);
    return `SELECT *, ${quoteText(split)} AS split FROM read_parquet(${fileList([full])}, hive_partitioning = false)`;
  });
  return `(${parts.join(' UNION ALL BY NAME ')})`;
}

export function unreadable(message: string, cause?: unknown): CisError {
  return new CisError('DATASET_UNREADABLE', message, { cause });
}

function readJson(folder: string, file: string, version: number): object {
  const path = join(folder, file);
  let document: unknown;
  try {
    document = parseJson(readDocument(path));
  } catch (error) {
    throw unreadable(`${path} can not be read: ${errorMessage(error)}`, error);
  }
  if (typeof document !== 'object' || document === null) throw unreadable(`${path} is no document of a data set`);
  const { schema_version: found } = document as { readonly schema_version?: unknown };
  if (found !== version) throw unreadable(`${path} has the schema version ${toText(found)}, not ${version}`);
  return document;
}
