import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { onlyEpisode, ROOT, readJson, readRows, temporaryFolder } from '../support/cli.js';
import { install, pack, packCis490 } from '../support/pack.js';
import { TOLERANT } from '../support/tolerant.js';

const NAME = 'cis490-plugin-softirqs';

test('the plugin of examples/ is tested, packed, installed beside a packed cis490, linked, and recorded with', {
  timeout: 240_000,
}, () => {
  const folder = temporaryFolder();
  const [source, home] = [join(folder, NAME), join(folder, 'home')];
  const cis490 = packCis490(folder);
  cpSync(join(ROOT, 'examples', NAME), source, { recursive: true });
  install(source, cis490);
  const tests = spawnSync('npm', ['test'], { cwd: source, encoding: 'utf8' });
  expect(tests.status, tests.stdout).toBe(0);

  mkdirSync(home);
  writeFileSync(join(home, 'package.json'), '{"private": true}');
  install(home, cis490, pack(source, folder));
  const target = { type: 'machine' };
  writeFileSync(
    join(home, '.cis490rc'),
    JSON.stringify({ target, plugins: [NAME], collectors: { softirqs: {} }, grade: TOLERANT }),
  );
  record(home, 'packed', 'package');

  // as "npm link" does: the plugin has a cis490 and a TypeScript of its own then
  const installed = join(home, 'node_modules', NAME);
  rmSync(installed, { recursive: true });
  symlinkSync(source, installed);
  record(home, 'linked', 'package');

  // and as a bare file
  const file = join(home, 'collector.mjs');
  writeFileSync(file, `export { default } from ${JSON.stringify(join(source, 'dist/index.js'))};`);
  writeFileSync(
    join(home, '.cis490rc'),
    JSON.stringify({ target, plugins: [file], collectors: { softirqs: {} }, grade: TOLERANT }),
  );
  record(home, 'file', 'file');
});

/** Records a second with the installed program, and validates it. */
function record(home: string, output: string, origin: string): void {
  const cis490 = (...args: string[]) => spawnSync('npx', ['cis490', ...args], { cwd: home, encoding: 'utf8' });
  const { status, stderr } = cis490('episode', 'start', '--duration', '1s', '--output', output);
  expect(status, stderr).toBe(0);
  const episode = onlyEpisode(join(home, output));
  const [figures] = readJson(join(episode, 'meta.json')).collectors;
  expect(figures).toMatchObject({
    source: 'softirqs',
    plugin: { origin },
    rows: figures.ticks_run,
    available_in_deployment: true,
  });
  expect(figures.row_schema).toEqual(readJson(join(ROOT, 'examples', NAME, 'schemas/softirqs.schema.json')));
  expect(readRows(join(episode, 'telemetry/softirqs.jsonl'))[0].timer).toBeGreaterThan(0);
  const validation = cis490('episode', 'validate', episode);
  expect(validation.status, validation.stdout).toBe(0);
}

test('what a plugin imports is light: no package, and little of ours', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'node_modules'));
  cpSync(join(ROOT, 'package.json'), join(folder, 'node_modules/cis490/package.json'));
  cpSync(join(ROOT, 'dist'), join(folder, 'node_modules/cis490/dist'), { recursive: true });
  // there is no other package here: an import of one would fail
  const main =
    "import * as c from 'cis490'; import 'cis490/procfs'; import 'cis490/program'; import 'cis490/qmp'; console.log(typeof c.defineCollector)";
  writeFileSync(join(folder, 'main.mjs'), main);
  expect(execFileSync(process.execPath, ['main.mjs'], { cwd: folder, encoding: 'utf8' })).toBe('function\n');
  const bundle = readFileSync(join(ROOT, 'dist/index.js'), 'utf8');
  expect(bundle).not.toMatch(/oclif|tsyringe|ajv/);
});
