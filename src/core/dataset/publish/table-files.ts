import { join } from 'node:path';
import { hashFile } from '../../files/hash-file.js';
import type { Column, Table, TableFile, View } from '../dataset-document.js';
import type { Database } from '../duckdb/database.js';
import { fileList } from '../duckdb/sql.js';

export interface TablePlan {
  readonly name: string;
  readonly kind: Table['kind'];
  readonly view: View | null;
  /** From the data set's folder. */
  readonly path: string;
  readonly description: string;
  readonly columns: readonly Column[];
}

/** The Parquet file of a split: hive-style, as Spark, Trino, DuckDB, pandas and `datasets` read it from the folder. */
export const partOf = (path: string, split: string): string => `${path}/split=${split}/part-0.parquet`;

/** A table with its files as they were written. */
export async function writtenTable(
  database: Database,
  root: string,
  plan: TablePlan,
  splits: readonly string[],
): Promise<Table> {
  const files: TableFile[] = [];
  for (const split of splits) {
    const path = partOf(plan.path, split);
    const { bytes, sha256 } = await hashFile(join(root, path));
    files.push({ path, split, rows: await countRows(database, join(root, path)), bytes, sha256 });
  }
  return { ...plan, files };
}

async function countRows(database: Database, path: string): Promise<number> {
  const [row] = await database.all(`SELECT num_rows FROM parquet_file_metadata(${fileList([path])})`);
  return Number(row?.num_rows);
}
