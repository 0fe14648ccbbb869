import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '../../../src/core/config/load-config.js';
import { planOf, TARGET } from '../support/plan-harness.js';
import { temporaryFolder } from '../support/temporary-folder.js';

function project(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'deep/er'), { recursive: true });
  for (const [name, content] of Object.entries({ 'package.json': '{}', ...files }))
    writeFileSync(join(folder, name), content);
  return folder;
}

test.each([
  ['.cis490rc', '{"duration": "1s"}'],
  ['.cis490rc', 'duration: 1s # YAML\n'],
  ['.cis490rc.json', '{"duration": "1s"}'],
  ['.cis490rc.yaml', 'duration: 1s\n'],
  ['.cis490rc.yml', 'duration: 1s\n'],
])('%s is found from a folder below it, and relative paths start at it', async (name, content) => {
  const folder = project({ [name]: content });
  const found = await loadConfig({ cwd: join(folder, 'deep/er') });
  expect(found).toEqual({ raw: { duration: '1s' }, path: join(folder, name), baseDir: folder });
});

test('none at all is an empty configuration', async () => {
  const folder = project({});
  expect(await loadConfig({ cwd: folder })).toEqual({ raw: {}, path: null, baseDir: folder });
});

test.each(['', '\n', '# nothing yet\n'])('a file that says nothing (%j) is an empty configuration', async (content) => {
  expect((await loadConfig({ cwd: project({ '.cis490rc': content }) })).raw).toEqual({});
});

test('a file that is named may have any ending, and is never executed', async () => {
  const folder = project({
    'my.conf': 'duration: 1s',
    'evil.js': 'globalThis.wasExecuted = true; export default {};',
    'evil.cjs': 'throw 1',
  });
  expect((await loadConfig({ file: 'my.conf', cwd: folder })).raw).toEqual({ duration: '1s' });
  await loadConfig({ file: 'evil.js', cwd: folder }).catch(() => {});
  await loadConfig({ file: 'evil.cjs', cwd: folder }).catch(() => {});
  expect(globalThis).not.toHaveProperty('wasExecuted');
});

test('code that lies beside is not searched for', async () => {
  const folder = project({
    '.cis490rc.js': 'globalThis.wasExecuted = true;',
    'cis490.config.js': 'globalThis.wasExecuted = true;',
  });
  expect((await loadConfig({ cwd: folder })).path).toBeNull();
  expect(globalThis).not.toHaveProperty('wasExecuted');
});

test.each([
  ['a file that is missing', 'no.yaml', /^no\.yaml can not be read: there is no such file$/],
  ['a file that is neither JSON nor YAML', 'bad.yaml', /^bad\.yaml can not be read: line 2, column \d+: \S.*$/],
  ['a file of two documents', 'two.yaml', /^two\.yaml can not be read: expected a single document.*more$/],
  ['a folder', 'deep', /^deep can not be read: /],
])('%s is told as a sentence', async (_, file, sentence) => {
  const cwd = project({ 'bad.yaml': 'a: [1\nb: }', 'two.yaml': 'a: 1\n---\nb: 1\n' });
  await expect(loadConfig({ file, cwd })).rejects.toMatchObject({
    code: 'CONFIG_UNREADABLE',
    exitCode: 2,
    message: expect.stringMatching(sentence),
  });
});

test('a date in YAML needs no quotes', async () => {
  const { raw } = await loadConfig({ cwd: project({ '.cis490rc': 'sample:\n  first_seen: 2026-01-31\n' }) });
  expect(planOf({ target: TARGET, ...(raw as object) }).evidence.sample).toEqual({ first_seen: '2026-01-31' });
});
