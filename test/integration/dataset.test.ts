import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { counterSince, type Fields, level } from '../../src/index.js';
import { cli, readJson, startCli, temporaryFolder } from '../support/cli.js';
import { makeEpisode } from '../support/made-episode.js';
import { expectValid, schemas } from '../support/schemas.js';

const FIELDS = {
  calls: counterSince('boot')('{call}', 'Calls.'),
  used_bytes: level('By', 'Memory.'),
} as const satisfies Fields;

/** Pairs of a benign and a malicious episode. */
function episodes(pairs: number): string {
  const output = temporaryFolder();
  for (let pair = 0; pair < pairs; pair++)
    for (const label of ['benign', 'malicious'])
      makeEpisode({
        output,
        sources: {
          probe: {
            fields: FIELDS,
            rows: Array.from({ length: 50 }, (_, k) => ({ calls: (7 + pair) * k, used_bytes: 1000 + ((k * 7) % 13) })),
          },
        },
        labels: [{ atMs: 0, label }],
        durationMs: 5000,
        scenario: { id: 's', pair, arm: label },
      });
  return output;
}

test('build, apply and audit print what their schemas describe; so are the documents that they write', async () => {
  const [output, folder] = [episodes(4), temporaryFolder()];
  const out = join(folder, 'set');
  const printed: string[] = [];
  const print = async (name: string, ...args: string[]) => {
    const { stdout, stderr, code } = await startCli(['dataset', ...args, '--json'], { cwd: folder }).outcome;
    expect(code, stderr).toBe(0);
    expectValid(JSON.parse(stdout), `results/dataset-${name}.schema.json`);
    writeFileSync(join(folder, `${name}.json`), stdout);
    printed.push(`dataset-${name}`, join(folder, `${name}.json`));
  };
  const split = ['--split', '50/50', '--group-by', 'pair', '--window', '2s'];
  await print('build', 'build', output, '--out', out, ...split);
  await print('apply', 'apply', join(out, 'deployable/features.json'), output, '--out', join(folder, 'applied'));
  await print('audit', 'audit', out);
  for (const name of ['dataset', 'splits']) expectValid(readJson(join(out, `${name}.json`)), `${name}.schema.json`);
  expectValid(readJson(join(out, 'deployable/features.json')), 'features.schema.json');
  printed.push('dataset', join(out, 'dataset.json'), 'splits', join(out, 'splits.json'));
  printed.push('features', join(out, 'deployable/features.json'));
  const python = spawnSync(
    '/usr/bin/python3',
    [join(import.meta.dirname, '../validator.py'), schemas, '-', ...printed],
    { encoding: 'utf8' },
  );
  if (process.env.CI === undefined && /No module named|ENOENT/.test(python.stderr ?? 'ENOENT')) {
    console.error("LEFT OUT: the independent validator, because Debian's python3-jsonschema is not installed");
    return;
  }
  expect(python.stdout + python.stderr).toMatch(/checked, 0 violations/);
});

test('a person is told what was made, what was left out, and what to know before training', async () => {
  const output = episodes(1);
  makeEpisode({
    output,
    sources: { probe: { fields: FIELDS, rows: [] } },
    labels: [],
    durationMs: 1000,
    grade: 'degraded',
  });
  const { code, stdout, stderr } = await cli('dataset', 'build', output, '--out', join(temporaryFolder(), 'set'));
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(/^aligned rows +episodes +benign +malicious$/m);
  expect(stdout).toMatch(/^train +2 +5 +5$/m);
  expect(stdout).toMatch(/^deployable\/aligned +10 +\d+$/m);
  expect(stdout).toContain('its grade is degraded; --min-grade ok asks for more');
  expect(stdout).toContain('! Nothing was split: all rows are for training');
});

test.each([
  [['--grid', '0s'], '--grid is "0s"; a time is a number above 0 with ms, s, m or h'],
  [['--guard', 'soon'], '--guard is "soon"'],
  [['--window', '2500ms'], '--window is 2500ms; it has to be a multiple of --grid, which is 1s'],
  [['--stride', '1s'], '--stride needs a --window'],
  [['--view', 'host'], 'Expected --view=host to be one of: deployable, oracle, all'],
  [['--split', '80/30'], 'the split "80/30" has to add up to 100'],
  [['--split', '80/20', '--group-by', 'hst'], 'no group key "hst"; there are scenario, pair'],
  [['--min-grade', 'good'], 'Expected --min-grade=good to be one of'],
])('%j is refused in a sentence, and nothing is written', async (flags, sentence) => {
  const folder = temporaryFolder();
  const { code, stderr } = await cli('dataset', 'build', folder, '--out', join(folder, 'set'), ...flags);
  expect([code, readdirSync(folder)]).toEqual([2, []]);
  expect(stderr).toContain(sentence);
});

test('a split that would lack a class is refused, and says which', async () => {
  const output = episodes(1);
  const out = join(temporaryFolder(), 'set');
  const { code, stderr } = await cli(
    'dataset',
    'build',
    output,
    '--out',
    out,
    '--split',
    '50/50',
    '--group-by',
    'pair',
  );
  expect(code).toBe(4);
  expect(stderr).toMatch(/Error: .*(group|class)/);
});

test('a build that is interrupted leaves nothing', async () => {
  const [output, folder] = [episodes(12), temporaryFolder()];
  const run = startCli(['dataset', 'build', output, '--out', join(folder, 'set'), '--window', '2s']);
  await run.saw(/making the features/);
  run.child.kill('SIGTERM');
  const { code, stderr } = await run.outcome;
  expect(code, stderr).toBe(143);
  expect(stderr).toContain('interrupted by SIGTERM before the end; nothing was written');
  expect(readdirSync(folder)).toEqual([]);
});

test('what a killed build left is cleared by the next one', async () => {
  const [output, folder] = [episodes(12), temporaryFolder()];
  const run = startCli(['dataset', 'build', output, '--out', join(folder, 'set'), '--window', '2s']);
  await run.saw(/making the features/);
  run.child.kill('SIGKILL');
  await run.outcome;
  expect(readdirSync(folder)).toEqual([expect.stringMatching(/^\.set\.[0-9a-f]{8}-\d+-\d+-\d+$/)]);
  expect((await cli('dataset', 'build', output, '--out', join(folder, 'set'))).code).toBe(0);
  expect(readdirSync(folder)).toEqual(['set']);
});

test('a features.json that is none is told', async () => {
  const [output, folder] = [episodes(1), temporaryFolder()];
  writeFileSync(join(folder, 'features.json'), '{"schema_version": 99}');
  const { code, stderr } = await cli(
    'dataset',
    'apply',
    join(folder, 'features.json'),
    output,
    '--out',
    join(folder, 'x'),
  );
  expect([code, readdirSync(folder)]).toEqual([4, ['features.json']]);
  expect(stderr).toContain('is not what schemas/features.schema.json asks for');
});
