import type { DatasetDocument } from '../dataset-document.js';
import { configName, defaultTable } from './card-front-matter.js';
import { codeBlock } from './markdown.js';

/** How to load the data set's main table, from its folder. Paths are of our own making: views, kinds and sources. */
export function cardLoading(document: DatasetDocument): string {
  const table = defaultTable(document);
  if (table === undefined) return '';
  const { path } = table;
  const name = configName(table);
  const last = document.splits.at(-1)!;
  return [
    'The split is in the path (`split=train`), and becomes a column with readers that know Hive partitions. Integers are',
    'exact 64-bit ones: keep them so (in pandas: `Int64`), since wall times in nanoseconds do not fit a double.',
    '',
    codeBlock(duckdb(path), 'sql'),
    '',
    codeBlock(python(path, name, last), 'python'),
  ].join('\n');
}

const duckdb = (path: string) => `-- DuckDB
SELECT split, label, count(*) FROM read_parquet('${path}/*/*.parquet', hive_partitioning = true) GROUP BY ALL;`;

const python = (path: string, name: string, split: string) => `# pandas, with pyarrow
import pandas as pd
rows = pd.read_parquet("${path}")

# Hugging Face datasets; other tables are other configs
from datasets import load_dataset
rows = load_dataset(".", "${name}", split="${split}")

# Spark
rows = spark.read.parquet("${path}")`;
