/**
 * `node examples/train/to-csv.mjs TABLE FILE.csv`: a table of a data set (a folder of Parquet files, partitioned by
 * split) as CSV, with the split as its last column, for what can't read Parquet: Debian's pandas has no pyarrow. An empty
 * field is null. Numbers are printed so that they are read back as they were.
 */
import { pathToFileURL } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';

const quoted = (text) => `'${text.replaceAll("'", "''")}'`;

/** Rows in the order of their keys, so that the same table makes the same file. */
export async function toCsv(table, file) {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const rows = `read_parquet(${quoted(`${table}/*/*.parquet`)}, hive_partitioning = true)`;
    await connection.run(`COPY (SELECT * FROM ${rows} ORDER BY ALL) TO ${quoted(file)} (FORMAT csv, HEADER)`);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [table, file, ...rest] = process.argv.slice(2);
  if (file === undefined || rest.length > 0) {
    process.stderr.write('usage: node to-csv.mjs TABLE FILE.csv\n');
    process.exit(2);
  }
  await toCsv(table, file);
}
