/** `node bare-copy.mjs FILE... OUT`: DuckDB's own copy of JSON lines to Parquet, as anybody would write it; nothing of ours. */
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

const files = process.argv.slice(2, -1);
const out = process.argv.at(-1);
const instance = await DuckDBInstance.create(':memory:');
const connection = await instance.connect();
for (const [i, file] of files.entries())
  await connection.run(`COPY (FROM '${file}') TO '${join(out, `${i}.parquet`)}' (FORMAT parquet, COMPRESSION zstd)`);
