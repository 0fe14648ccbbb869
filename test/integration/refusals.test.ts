import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startCli, temporaryFolder } from '../support/cli.js';

const SOUND = {
  apiVersion: 1,
  kind: 'polled',
  name: 'card',
  version: '1.0.0',
  rowVersion: 1,
  summary: 'A card.',
  availableInDeployment: { value: false, rationale: 'A test.' },
  fields: { load: { type: 'integer', unit: '1', kind: 'gauge', description: 'Load.' } },
  options: { type: 'object', additionalProperties: false, properties: {} },
};
const moduleOf = (definition: unknown) =>
  `export default { ...${JSON.stringify(definition)}, create: () => ({ sample: () => null }) };`;
const SECTION = { apiVersion: 1, collectors: ['card'], plugin: './index.mjs' };

interface Given {
  /** The module; none if it is null. */
  readonly module?: string | null;
  readonly section?: object | undefined;
  readonly plugins?: readonly string[];
  readonly collectors?: object;
}

/** Tries to record with a plugin package; what --json says of the refusal. */
async function refusal({ module = moduleOf(SOUND), section = SECTION, plugins = ['@acme/card'], collectors }: Given) {
  const cwd = temporaryFolder();
  const folder = join(cwd, 'node_modules/@acme/card');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: '@acme/card', cis490: section }));
  if (module !== null) writeFileSync(join(folder, 'index.mjs'), module);
  const config = { target: { type: 'pid', pid: process.pid }, plugins, collectors: collectors ?? { card: {} } };
  writeFileSync(join(cwd, '.cis490rc'), JSON.stringify(config));
  const { code, stdout } = await startCli(['episode', 'start', '--json'], { cwd }).outcome;
  return { code, ...JSON.parse(stdout).error, cwd };
}

test.each<[string, Given, string, RegExp, RegExp]>([
  [
    'a wrong apiVersion',
    { section: { ...SECTION, apiVersion: 2 } },
    'PLUGIN_API_VERSION',
    /apiVersion 2.*has 1/,
    /fits/,
  ],
  [
    'a definition of a wrong apiVersion',
    { module: moduleOf({ ...SOUND, apiVersion: 2 }) },
    'PLUGIN_API_VERSION',
    /can't be used/,
    /fits/,
  ],
  ['no section', { section: 7 as never }, 'PLUGIN_MANIFEST', /no "cis490" section/, /has the form/],
  [
    'a missing entry',
    { module: null },
    'PLUGIN_ENTRY_MISSING',
    /index\.mjs, which does not exist; looked for \//,
    /Build/,
  ],
  [
    'a missing file',
    { plugins: ['./none.mjs'] },
    'PLUGIN_ENTRY_MISSING',
    /none\.mjs" does not exist; looked for \//,
    /Build/,
  ],
  ['a folder', { plugins: ['./node_modules'] }, 'PLUGIN_ENTRY_MISSING', /is a folder .*name its module/, /Build/],
  [
    'no such package',
    { plugins: ['@acme/none'] },
    'PLUGIN_NOT_FOUND',
    /not installed; looked in \/.*node_modules/,
    /npm install/,
  ],
  ['no default export', { module: 'export const card = 1;' }, 'PLUGIN_EXPORT', /no default export/, /defineCollector/],
  [
    'an export that is no plugin',
    { module: 'export default 7;' },
    'PLUGIN_EXPORT',
    /no valid collector/,
    /defineCollector/,
  ],
  [
    'no availability',
    { module: moduleOf({ ...SOUND, availableInDeployment: undefined }) },
    'PLUGIN_AVAILABILITY',
    /no valid collector/,
    /value: true or false/,
  ],
  [
    'a wrong field',
    { module: moduleOf({ ...SOUND, fields: { load: { type: 'float' } } }) },
    'PLUGIN_SCHEMA',
    /no valid collector/,
    /field/,
  ],
  [
    'a wrong options schema',
    { module: moduleOf({ ...SOUND, options: { type: 'object' } }) },
    'PLUGIN_SCHEMA',
    /no valid collector/,
    /option/,
  ],
  [
    'an option that no schema compiler takes',
    {
      module: moduleOf({
        ...SOUND,
        options: { ...SOUND.options, properties: { size: { type: 'integer', minimum: 'low', description: 'Size.' } } },
      }),
    },
    'PLUGIN_SCHEMA',
    /can not be compiled/,
    /option/,
  ],
  ['more than one of these', { module: 'export default {};' }, 'PLUGIN_INVALID', /no valid collector/, /docs/],
  [
    'a name that is taken',
    {
      module: moduleOf({ ...SOUND, name: 'system' }),
      section: { ...SECTION, collectors: ['system'] },
      collectors: { system: {} },
    },
    'PLUGIN_NAME_TAKEN',
    /"cis490#system" and "@acme\/card#system"/,
    /use: package#name/,
  ],
])('%s has a code and a remedy', async (_what, given, code, words, hint) => {
  const error = await refusal(given);
  expect(error).toMatchObject({
    code,
    exit_code: 4,
    message: expect.stringMatching(words),
    hint: expect.stringMatching(hint),
  });
});

test('a collector that nobody has: the name, those that there are, and where to look', async () => {
  expect(await refusal({ collectors: { crad: {} } })).toMatchObject({
    code: 'COLLECTOR_UNKNOWN',
    exit_code: 2,
    message: expect.stringMatching(/no collector "crad"; there are .*card/),
    hint: expect.stringContaining('plugins'),
  });
});

test('every part that is broken is told at once', async () => {
  const { problems } = await refusal({ module: 'export default { name: "Bad", kind: "polled", apiVersion: 2 };' });
  for (const word of [
    'apiVersion is 2',
    'name is "Bad"',
    'availableInDeployment',
    'fields must',
    'create must',
    'options must',
  ])
    expect(problems.join('\n')).toContain(word);
});

test('a collector that its configuration makes needs no options of its own', async () => {
  const cwd = temporaryFolder();
  const configured = `const card = ${JSON.stringify(SOUND)};
    export default { ...card, fields: {}, create: () => { throw new Error('never configured') },
      configure: () => ({ ...card, create: () => ({ sample: () => ({ load: 7 }) }) }) };`;
  writeFileSync(join(cwd, 'card.mjs'), configured);
  writeFileSync(join(cwd, '.cis490rc'), JSON.stringify({ plugins: ['./card.mjs'] }));
  const { code, stdout } = await startCli(['collector', 'test', 'card', '--ticks', '2', '--interval', '1s', '--json'], {
    cwd,
  }).outcome;
  expect(code).toBe(0);
  expect(JSON.parse(stdout).rows).toMatchObject([{ load: 7 }, { load: 7 }]);
});
