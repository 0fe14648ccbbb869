import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { Table, View } from '../../../src/core/dataset/dataset-document.js';
import { openDatabase } from '../../../src/core/dataset/duckdb/database.js';
import type { FeatureDocument } from '../../../src/core/dataset/feature-document.js';
import { checkViews } from '../../../src/core/dataset/publish/check-views.js';
import { loadEpisode } from '../../../src/core/dataset/select/load-episode.js';
import { SchemaRegistry } from '../../../src/core/schemas/schema-registry.js';
import { type Fields, level } from '../../../src/index.js';
import { makeEpisode } from '../../support/made-episode.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const FIELDS = {
  seen: level('1', 'Seen.'),
  hidden: { ...level('1', 'Hidden.'), availableInDeployment: false },
} as const satisfies Fields;

/** Checks one file of a view that somebody has planned, rightly or wrongly. */
async function check(kind: Table['kind'], select: string, view: View = 'deployable'): Promise<void> {
  const rows = [{ seen: 1, hidden: 2 }];
  const labels = [{ atMs: 0, label: 'benign' }];
  const sources = { probe: { fields: FIELDS, rows }, host: { fields: FIELDS, rows, isDeployable: false } };
  const episode = await loadEpisode(
    makeEpisode({ output: temporaryFolder(), sources, labels, durationMs: 1000 }),
    new SchemaRegistry(),
  );
  const root = temporaryFolder();
  const path = `${view}/x/split=train/part-0.parquet`;
  const database = await openDatabase();
  try {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    await database.run(`COPY (SELECT ${select}) TO '${join(root, path)}' (FORMAT parquet)`);
    const file = { path, split: 'train', rows: 1, bytes: 1, sha256: '' };
    const table: Table = {
      name: 'probe',
      kind,
      view,
      path: dirname(path),
      description: '',
      columns: [],
      files: [file],
    };
    const feature = (source: string, field: string) => ({
      name: `${source}__${field}__level`,
      source,
      field,
      item: null,
    });
    const features = ['probe', 'host'].flatMap((source) => [feature(source, 'seen'), feature(source, 'hidden')]);
    const document = { features } as unknown as FeatureDocument;
    await checkViews({ database, root, tables: [table], features: new Map([[view, document]]), episodes: [episode] });
  } finally {
    database.close();
  }
}

test('what a deployed device has may be in a deployable view', async () => {
  await check('rows', 'true AS available_in_deployment, 1 AS seen');
  await check('aligned', '1 AS probe__seen__level');
});

test.each<[string, Table['kind'], string]>([
  ['a column of rows', 'rows', 'true AS available_in_deployment, 1 AS hidden'],
  ['a row of an oracle', 'rows', 'false AS available_in_deployment, 1 AS seen'],
  ['a feature made of a field that only the lab has', 'aligned', '1 AS probe__hidden__level'],
  ['a feature made of an oracle', 'aligned', '1 AS host__seen__level'],
  ['a statistic of one', 'windows', '1 AS host__seen__level__mean'],
])('%s that is an oracle is found in the file as it was written', async (_, kind, select) => {
  await expect(check(kind, select)).rejects.toMatchObject({ code: 'DATASET_ORACLE', exitCode: 1 });
  await check(kind, select, 'oracle');
});
