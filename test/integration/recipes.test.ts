import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { printJson } from '../../src/core/json/exact-json.js';
import { ROOT, temporaryFolder } from '../support/cli.js';
import { madeFeatures } from '../support/dataset.js';
import { writeTable } from '../support/made-table.js';

const PAGE = readFileSync(join(ROOT, 'docs/recipes.md'), 'utf8');

/** The tables that the page asks, an episode in each of two splits. */
async function madeTables(folder: string): Promise<void> {
  const bySplit = (query: (episode: string) => string) => ({ train: query('a'), test: query('b') });
  await writeTable(
    join(folder, 'deployable/aligned'),
    bySplit((id) => `SELECT '${id}' AS episode_id, 'benign' AS label`),
  );
  await writeTable(
    join(folder, 'deployable/rows/system'),
    bySplit(
      (id) => `SELECT '${id}' AS episode_id, i AS tick, i * 10 AS t_mono_ns, 7 AS context_switches,
        [{name: 'sda', sectors: 1}, {name: 'sdb', sectors: 2}] AS disks FROM range(4) AS rows(i)`,
    ),
  );
  await writeTable(
    join(folder, 'tables/labels'),
    bySplit((id) => `SELECT '${id}' AS episode_id, 0 AS start_ns, 20 AS end_ns, 'p' AS phase, 'benign' AS label`),
  );
  writeFileSync(join(folder, 'deployable/features.json'), printJson(madeFeatures().get('deployable')));
}

test('the SQL for DuckDB in docs/recipes.md runs, and tells what it says', async () => {
  const folder = temporaryFolder();
  await madeTables(folder);
  const [, sql] = /^## DuckDB\n+```sql\n(.*?)```/ms.exec(PAGE)!;
  const statements = sql!.replaceAll('data/miners', folder).split(/;\n/).slice(0, -1);
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const results: unknown[][][] = [];
  for (const statement of statements) results.push((await connection.runAndReadAll(statement)).getRowsJson());
  const [, classes, joined, devices, features] = results;
  expect(classes).toEqual([
    ['test', 'benign', '1'],
    ['train', 'benign', '1'],
  ]);
  expect(joined).toHaveLength(4);
  expect(devices).toHaveLength(16);
  expect(features).toEqual([['system__context_switches__rate']]);
});
