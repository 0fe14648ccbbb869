import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

/** Writes the rows of a query as Parquet files of a data set's table: `FOLDER/split=NAME/part-0.parquet`. */
export async function writeTable(folder: string, rowsBySplit: Readonly<Record<string, string>>): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  for (const [split, query] of Object.entries(rowsBySplit)) {
    const path = join(folder, `split=${split}`, 'part-0.parquet');
    mkdirSync(dirname(path), { recursive: true });
    await connection.run(`COPY (${query}) TO '${path}' (FORMAT parquet, COMPRESSION zstd)`);
  }
  connection.closeSync();
  instance.closeSync();
}
