import type { DatasetDocument, Table } from '../dataset-document.js';
import { rowsOf } from './dataset-figures.js';
import { splitsOf, tableId } from './table-id.js';
import { type YamlValue, yaml } from './yaml.js';

/** The front matter of the card, which `datasets` and the Hugging Face Hub read, between its two rules. */
export function cardFrontMatter(document: DatasetDocument): string {
  const configs = configsOf(document);
  const main = defaultTable(document);
  return `---\n${yaml({
    pretty_name: document.name,
    license: 'unknown',
    task_categories: ['tabular-classification'],
    tags: ['cis490', 'malware', 'telemetry', 'time-series', 'security'],
    size_categories: [sizeCategory(main === undefined ? 0 : rowsOf(main))],
    configs,
  })}---\n`;
}

/** The name by which `datasets` loads a table: `deployable_aligned`, `deployable_rows_system`, `episodes`. */
export const configName = tableId;

/** What is loaded where nothing is named: what a model for deployment learns from, if it is there. */
export function defaultTable({ tables }: DatasetDocument): Table | undefined {
  const loadable = tables.filter(({ files }) => files.length > 0);
  const aligned = loadable.filter(({ kind }) => kind === 'aligned');
  return aligned.find(({ view }) => view === 'deployable') ?? aligned[0] ?? loadable[0];
}

/**
 * A config for each table that has files. The splits are named one by one: of itself `datasets` takes no folder
 * `split=train` for a split, nor its name for a column.
 */
function configsOf(document: DatasetDocument): YamlValue[] {
  const main = defaultTable(document);
  return document.tables
    .filter(({ files }) => files.length > 0)
    .map((table) => ({
      config_name: configName(table),
      ...(table === main && { default: true }),
      data_files: splitsOf(table, document.splits).map(({ split }) => ({
        split,
        path: `${table.path}/split=${split}/*.parquet`,
      })),
    }));
}

const SIZES: readonly (readonly [number, string])[] = [
  [1e3, 'n<1K'],
  [1e4, '1K<n<10K'],
  [1e5, '10K<n<100K'],
  [1e6, '100K<n<1M'],
  [1e7, '1M<n<10M'],
  [1e8, '10M<n<100M'],
  [1e9, '100M<n<1B'],
];

/** The Hub's own words for how much there is. */
const sizeCategory = (rows: number): string => SIZES.find(([limit]) => rows < limit)?.[1] ?? 'n>1B';
