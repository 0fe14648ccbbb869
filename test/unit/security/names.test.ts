import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { CatalogBuilder } from '../../../src/core/catalog/plugin-catalog.js';
import { checkDefinition } from '../../../src/core/contract/check-definition.js';
import { isEpisodeId } from '../../../src/core/episode/episode-id.js';
import { resolveExecutable } from '../../../src/core/targets/executable.js';
import { problemsOf, TARGET } from '../support/plan-harness.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** What leads elsewhere, ends early, or looks like another. The last are Cyrillic, full-width, and a combining mark. */
const HOSTILE = [
  ...['..', '.', '', '/', '../x', 'x/../y', '/etc/passwd', 'a/b', 'a\\b', 'a\0', 'a\n', '\na', 'a b', '-rf', '.hidden'],
  ...['__proto__', 'a'.repeat(64), 'system.jsonl', '*', '$HOME', '%2e%2e', 'sy\u200bstem', '\u202esystem'],
  ...['ѕystem', 'ｓystem', 'syste\u0301m', 'SYSTEM\u0000'],
];

const phases = (name: string, label: string) => [{ name, label, duration: '1s' }];

test.each(HOSTILE)('%j is the name of no source, phase, label or class', (name) => {
  const config = (more: object) => problemsOf({ target: TARGET, ...more });
  expect(config({ collectors: { [name]: {} } }).length).toBeGreaterThan(0);
  expect(config({ phases: phases(name, 'benign') }).length).toBeGreaterThan(0);
  expect(config({ phases: phases('a', name) }).length).toBeGreaterThan(0);
  expect(config({ classes: [name], phases: phases('a', 'benign') }).length).toBeGreaterThan(0);
});

test.each(HOSTILE)('%j is the name of no collector that a plugin brings, and of no column', (name) => {
  const named = (what: object) => checkDefinition({ ...what }).join('\n');
  expect(named({ name })).toContain('name is');
  expect(named({ fields: { [name]: { type: 'integer' } } })).toMatch(/fields/);
});

test.each([...HOSTILE, '01ARZ3NDEKTSV4RRFFQ69G5FAI', '81ARZ3NDEKTSV4RRFFQ69G5FAV', '01arz3ndektsv4rrffq69g5fav'])(
  '%j is no id of an episode',
  (id) => {
    expect(isEpisodeId(id)).toBe(false);
    expect(isEpisodeId(`01ARZ3NDEKTSV4RRFFQ69G5FAV${id}`.slice(0, 200))).toBe(id === '');
  },
);

test.each([
  'x/../../evil',
  '@a/../../evil',
  'a\0',
  './a\0',
  '@a',
  '@a/b/c',
  'a b',
  '.',
  'ѕystem',
  '',
  '~/x/y',
  'C:\\x',
])('%j names no plugin, and leads out of no node_modules', async (plugin) => {
  const base = temporaryFolder();
  mkdirSync(join(base, 'project/node_modules/x'), { recursive: true });
  mkdirSync(join(base, 'evil'));
  writeFileSync(join(base, 'evil/package.json'), '{"name": "evil", "cis490": {}}');
  await expect(
    new CatalogBuilder([], new URL('file:///none')).build([plugin], join(base, 'project')),
  ).rejects.toMatchObject({ code: plugin === '.' ? 'PLUGIN_ENTRY_MISSING' : 'PLUGIN_NOT_FOUND' });
});

test.each(['cis490-plugin-gpu', '@acme/gpu', '@Acme/Old.Package_1~x', '7zip'])('%s may be one', async (plugin) => {
  await expect(new CatalogBuilder([], new URL('file:///none')).build([plugin], '/')).rejects.toThrow(
    /is not installed/,
  );
});

test('a tool is not taken from where the recorder happens to run, whatever PATH says', () => {
  const [here, elsewhere] = [temporaryFolder(), temporaryFolder()];
  const before = process.cwd();
  onTestFinished(() => process.chdir(before));
  process.chdir(here);
  writeFileSync(join(here, 'setpriv'), '');
  chmodSync(join(here, 'setpriv'), 0o755);
  for (const path of ['', '.', ':/nowhere', './', '/nowhere::'])
    expect(resolveExecutable('setpriv', elsewhere, path)).toBeNull();
  expect(resolveExecutable('setpriv', here, '.')).toBe(join(here, 'setpriv'));
});

test('without PATH programs are looked for where the system has them', () => {
  const { PATH } = process.env;
  onTestFinished(() => void Object.assign(process.env, { PATH }));
  delete process.env.PATH;
  expect(resolveExecutable('sh', '/')).toMatch(/^\/(?:usr\/)?bin\/sh$/);
});
