import { chmodSync, chownSync, lchownSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { startCli, temporaryFolder } from '../support/cli.js';

const isRoot = process.getuid?.() === 0;
/** Nobody that any test runs as. */
const STRANGER = 490_490;
const COMMANDS = [
  ['episode', 'list'],
  ['config', 'show', '--target-pid', '1'],
  ['collector', 'list'],
];

/** Modules that tell that they were run, each by a file of its name in `traces`. */
function plant(folder: string, names: readonly string[]): string {
  const traces = join(folder, 'traces');
  mkdirSync(traces);
  for (const name of names) {
    const write = `writeFileSync(${JSON.stringify(join(traces, name.replaceAll('/', '_')))}, '');`;
    const isModule = name.endsWith('.mjs');
    const start = isModule
      ? "import { writeFileSync } from 'node:fs';"
      : "const { writeFileSync } = require('node:fs');";
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(
      join(folder, name),
      `${start}\n${write}\n${isModule ? 'export default {};' : 'module.exports = {};'}`,
    );
  }
  return traces;
}

test.each(COMMANDS)('no code that lies about is run by a search: %s %s', async (...command) => {
  const cwd = temporaryFolder();
  const traces = plant(cwd, [
    ...['.cis490rc.js', '.cis490rc.cjs', '.cis490rc.mjs', 'cis490.config.js', 'cis490.config.mjs', 'named.js'],
    ...['.config/config.js', '.config/config.cjs', '.config/config.mjs', '.config/cis490rc.js', '.config/named.js'],
  ]);
  const meta = { searchPlaces: ['named.js', '.config/named.js'] };
  writeFileSync(join(cwd, 'package.json'), JSON.stringify({ cosmiconfig: { ...meta, cosmiconfig: meta } }));
  writeFileSync(join(cwd, '.config/config.json'), JSON.stringify({ cosmiconfig: meta }));
  const { code, stderr } = await startCli(command, { cwd }).outcome;
  expect(code, stderr).toBe(0);
  expect(readdirSync(traces)).toEqual([]);
});

test.each(['$import: ./named.js', '{"$import": ["./named.js"]}', '!!js/function "function () { return 1 }"'])(
  'a configuration runs nothing: %s',
  async (content) => {
    const cwd = temporaryFolder();
    const traces = plant(cwd, ['named.js']);
    writeFileSync(join(cwd, '.cis490rc'), content);
    for (const args of [[], ['--config', '.cis490rc']]) {
      const { code } = await startCli(['config', 'show', '--target-pid', '1', ...args], { cwd }).outcome;
      expect(code).toBe(2);
    }
    expect(readdirSync(traces)).toEqual([]);
  },
);

test('a "cis490" key in package.json is no configuration', async () => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, 'package.json'), JSON.stringify({ cis490: { output: 'elsewhere' } }));
  const { stdout } = await startCli(['config', 'show', '--target-pid', '1', '--json'], { cwd }).outcome;
  expect(JSON.parse(stdout)).toMatchObject({ path: null, config: { output: join(cwd, 'data/episodes') } });
});

test('one that everybody may write to is refused, unless it is named', async () => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, '.cis490rc'), 'output: mine');
  chmodSync(join(cwd, '.cis490rc'), 0o666);
  const { code, stdout } = await startCli(['episode', 'list', '--json'], { cwd }).outcome;
  expect(code).toBe(2);
  expect(JSON.parse(stdout).error).toMatchObject({
    code: 'CONFIG_NOT_TRUSTED',
    message: expect.stringMatching(/\.cis490rc, .* can be written by everybody/),
    hint: expect.stringContaining(`--config ${join(cwd, '.cis490rc')}`),
  });
  expect((await startCli(['episode', 'list', '--config', '.cis490rc'], { cwd }).outcome).code).toBe(0);
});

/** As somebody could plant it above a folder in /tmp. */
function strangersConfig(isLink: boolean): string {
  const above = temporaryFolder();
  const [rc, real] = [join(above, '.cis490rc'), join(above, 'real.yaml')];
  writeFileSync(real, 'output: mine');
  if (isLink) {
    symlinkSync(real, rc);
    lchownSync(rc, STRANGER, STRANGER);
  } else {
    writeFileSync(rc, 'output: mine');
    chownSync(rc, STRANGER, STRANGER);
  }
  mkdirSync(join(above, 'below'));
  return join(above, 'below');
}

test.skipIf(!isRoot).each([
  ["a stranger's", false],
  ["a stranger's link to one's own", true],
])('%s, found above, is refused and not passed over, unless it is named', async (_what, isLink) => {
  const cwd = strangersConfig(isLink);
  const { code, stderr } = await startCli(['collector', 'list'], { cwd, env: { SUDO_UID: undefined } }).outcome;
  expect(code).toBe(2);
  expect(stderr).toMatch(new RegExp(`belongs to user ${STRANGER}, neither to you nor to root`));
  const named = await startCli(['episode', 'list', '--config', '../.cis490rc'], { cwd }).outcome;
  expect(named.code, named.stderr).toBe(0);
});

test.skipIf(!isRoot)('that of whoever became root by sudo is read', async () => {
  const cwd = strangersConfig(false);
  const { code, stdout } = await startCli(['episode', 'list', '--json'], { cwd, env: { SUDO_UID: String(STRANGER) } })
    .outcome;
  expect(code).toBe(0);
  expect(JSON.parse(stdout).output).toBe(join(cwd, '../mine'));
});
