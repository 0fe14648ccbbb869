import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startCli, temporaryFolder } from '../support/cli.js';
import { install, packCis490 } from '../support/pack.js';

test.each(['files', 'polled', 'stream', 'exec'])(
  'a package of kind %s passes its own tests at once, and its collector samples',
  { timeout: 180_000 },
  async (kind) => {
    const cwd = temporaryFolder();
    const made = await startCli(['collector', 'create', 'my_card', '--kind', kind, '--json'], { cwd }).outcome;
    expect(made.code, made.stderr).toBe(0);
    const { path, files } = JSON.parse(made.stdout) as { path: string; files: string[] };
    expect(path).toBe(join(cwd, 'cis490-plugin-my-card'));
    const wanted = [
      'package.json',
      'README.md',
      'src/index.ts',
      'schemas/my_card.schema.json',
      'test/contract.test.mjs',
    ];
    expect(files).toEqual(expect.arrayContaining([...wanted, '.gitignore', '.github/workflows/ci.yml']));
    const text = files.map((file) => file + readFileSync(join(path, file), 'utf8')).join('\n');
    expect(text).not.toMatch(/\{\{\w|\.tpl/);

    install(path, packCis490(cwd));
    const tests = spawnSync('npm', ['test'], { cwd: path, encoding: 'utf8' });
    expect(tests.status, tests.stdout).toBe(0);
    expect(tests.stdout).toMatch(/pass 1\d/);
    expect(tests.stdout).toMatch(/fail 0/);
    const trial = await startCli(['collector', 'probe', 'my_card', '--json'], { cwd: path }).outcome;
    expect(JSON.parse(trial.stdout).collectors).toMatchObject([{ name: 'my_card', status: 'ok' }]);
  },
);

test('files is the kind unless told', async () => {
  const made = await startCli(['collector', 'create', 'card', '--json'], { cwd: temporaryFolder() }).outcome;
  expect(JSON.parse(made.stdout).kind).toBe('files');
});

test.each([
  ['Card', [], /"Card" is no name of a collector.*snake_case/],
  ['system', [], /there is a built-in collector "system" already/],
  ['card', ['--output', 'full'], /full exists, and is not empty/],
  ['card', ['--kind', 'gpu'], /--kind/],
])('%s %j is refused in a sentence, and nothing is written', async (name, flags, words) => {
  const cwd = temporaryFolder();
  mkdirSync(join(cwd, 'full'));
  writeFileSync(join(cwd, 'full/mine'), '');
  const { code, stderr } = await startCli(['collector', 'create', name, ...flags], { cwd }).outcome;
  expect(code).toBe(2);
  expect(stderr).toMatch(words);
  expect(readdirSync(cwd, { recursive: true })).toEqual(['full', 'full/mine']);
});
