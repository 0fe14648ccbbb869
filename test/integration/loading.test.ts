import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startCli, temporaryFolder } from '../support/cli.js';

/** A folder whose configuration names a plugin that leaves a trace when it is imported. */
function folderWithPlugin() {
  const cwd = temporaryFolder();
  const trace = join(cwd, 'imported');
  const write = `import { appendFileSync } from 'node:fs';\nappendFileSync(${JSON.stringify(trace)}, 'x');\n`;
  writeFileSync(join(cwd, 'plugin.mjs'), `${write}${readFileSync('test/plugins/kinds.mjs', 'utf8')}`);
  writeFileSync(join(cwd, '.cis490rc'), JSON.stringify({ plugins: ['./plugin.mjs'], collectors: { two_cards: {} } }));
  return { cwd, trace };
}

test.each([['--version'], ['--help'], ['episode', 'list'], ['episode', 'start', '--help']])(
  '%j: loads no plugin',
  async (...args) => {
    const { cwd, trace } = folderWithPlugin();
    const { code, stderr } = await startCli(args.filter(Boolean), { cwd }).outcome;
    expect(code, stderr).toBe(0);
    expect(existsSync(trace)).toBe(false);
  },
);

test('collector list loads it', async () => {
  const { cwd, trace } = folderWithPlugin();
  await startCli(['collector', 'list'], { cwd }).outcome;
  expect(existsSync(trace)).toBe(true);
});
