import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatasetBuilder } from '../../src/core/dataset/build-dataset.js';
import type { DatasetDocument, View } from '../../src/core/dataset/dataset-document.js';
import type { DatasetOptions } from '../../src/core/dataset/dataset-options.js';
import { openDatabase } from '../../src/core/dataset/duckdb/database.js';
import { fileList } from '../../src/core/dataset/duckdb/sql.js';
import type { FeatureDocument } from '../../src/core/dataset/feature-document.js';
import { UNSPLIT } from '../../src/core/dataset/split/parse-ratios.js';
import { SchemaRegistry } from '../../src/core/schemas/schema-registry.js';

type Row = Readonly<Record<string, unknown>>;

const OPTIONS: DatasetOptions = {
  views: ['deployable'],
  minGrade: 'ok',
  sources: undefined,
  skipIncomplete: false,
  gridNs: 1e9,
  guardNs: 0,
  maxAgeNs: undefined,
  windowNs: undefined,
  strideNs: undefined,
  keepResidual: false,
  ratios: UNSPLIT,
  splitBy: 'groups',
  groupBy: [],
  seed: 0,
};

export interface Built {
  readonly out: string;
  readonly document: DatasetDocument;
  /** The rows of a table of the data set, all splits. */
  rows(path: string): Promise<Row[]>;
  features(view?: View): FeatureDocument;
}

/** Builds a data set of the episodes in a folder. */
export async function buildDataset(
  args: readonly string[],
  out: string,
  { isForced = false, ...options }: Partial<DatasetOptions> & { readonly isForced?: boolean } = {},
): Promise<Built> {
  const document = await new DatasetBuilder(new SchemaRegistry(), '0.1.0').build({
    args,
    options: { ...OPTIONS, ...options },
    out,
    isForced,
    output: '/nowhere',
    cwd: '/',
    command: ['cis490', 'dataset', 'build'],
    onProgress() {},
  });
  return {
    out,
    document,
    rows: (path) =>
      readParquet(document.tables.find((table) => table.path === path)!.files.map((file) => join(out, file.path))),
    features: (view = 'deployable') => JSON.parse(readFileSync(join(out, view, 'features.json'), 'utf8')),
  };
}

/** As they stand in the files, in their order. */
export async function readParquet(paths: readonly string[]): Promise<Row[]> {
  const database = await openDatabase({ threads: 1 });
  try {
    return await database.all(`FROM read_parquet(${fileList(paths)}, hive_partitioning = false)`);
  } finally {
    database.close();
  }
}
