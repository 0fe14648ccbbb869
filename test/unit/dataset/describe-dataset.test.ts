import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeDataset } from '../../../src/core/dataset/describe/describe-dataset.js';
import { parseJson } from '../../../src/core/json/exact-json.js';
import { temporaryFolder } from '../../support/cli.js';
import { HOSTILE, madeDataset, madeFeatures } from '../../support/dataset.js';
import { expectValid, schemas } from '../../support/schemas.js';

const describe = (changes = {}) => describeDataset(madeDataset(changes), madeFeatures());

test('a data set is described by seven files, the same ones for the same data set', () => {
  const files = describe();
  expect([...files.keys()]).toEqual([
    'dataset.json',
    'deployable/features.json',
    'oracle/features.json',
    'croissant.json',
    'datapackage.json',
    'README.md',
    'index.html',
  ]);
  expect(describe()).toEqual(files);
  for (const text of files.values()) expect(text).toMatch(/[^\n]\n$/);
});

test('dataset.json and features.json are what their schemas describe', () => {
  const files = describe();
  expectValid(JSON.parse(files.get('dataset.json')!), 'dataset.schema.json');
  expectValid(JSON.parse(files.get('oracle/features.json')!), 'features.schema.json');
});

test('an empty data set, one without views of its own classes, and one of hostile names are described too', () => {
  const nothing = { episodes: [], classes: [], aligned_rows: {}, tables: [], sources: [], warnings: [] };
  expectValid(JSON.parse(describe(nothing).get('dataset.json')!), 'dataset.schema.json');
  expectValid(JSON.parse(describe({ name: HOSTILE }).get('dataset.json')!), 'dataset.schema.json');
});

test('no integer is rounded on its way into dataset.json', () => {
  const document = parseJson(describe().get('dataset.json')!) as { episodes: { start_realtime_ns: bigint }[] };
  expect(document.episodes[0]!.start_realtime_ns).toBe(1_767_225_600_123_456_789n);
});

const CHECK = `
import json, pathlib, sys
from jsonschema import Draft202012Validator
schemas, folder = map(pathlib.Path, sys.argv[1:])
for name in ("dataset", "features"):
    schema = json.loads((schemas / f"{name}.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    for error in Draft202012Validator(schema).iter_errors(json.loads((folder / f"{name}.json").read_text())):
        sys.exit(f"{name}: {error.json_path}: {error.message}")
print("both are valid")
`;

test('a validator that is not ours accepts both', () => {
  const folder = temporaryFolder();
  const files = describe();
  writeFileSync(join(folder, 'dataset.json'), files.get('dataset.json')!);
  writeFileSync(join(folder, 'features.json'), files.get('deployable/features.json')!);
  const { stdout, stderr } = spawnSync('/usr/bin/python3', ['-c', CHECK, schemas, folder], { encoding: 'utf8' });
  if (process.env.CI === undefined && /No module named|ENOENT/.test(stderr ?? 'ENOENT')) {
    console.error("LEFT OUT: the independent validator, because Debian's python3-jsonschema is not installed");
    return;
  }
  expect(stderr).toBe('');
  expect(stdout).toBe('both are valid\n');
});
