import { expect, test } from 'vitest';
import { cli, temporaryFolder } from '../support/cli.js';
import { noiseOf, pairs, type TestDataset, withColumns, writeDataset } from '../support/dataset-folder.js';
import { expectValid } from '../support/schemas.js';

async function written(dataset: TestDataset): Promise<string> {
  const folder = temporaryFolder();
  await writeDataset(folder, dataset);
  return folder;
}

const LEAKING = pairs(10, (episode, arm) => withColumns(episode, { host: `for-${arm}` }));

test('a data set without a leak is audited with exit 0', async () => {
  const { code, stdout, stderr } = await cli('dataset', 'audit', await written({ episodes: pairs(10) }));
  expect(stderr).toBe('');
  expect(stdout).toContain('Nothing that is no behaviour tells the label beyond 0.5.');
  expect(code).toBe(0);
});

test('a leak is told in a sentence, with exit 3, unless it is ignored or under the threshold', async () => {
  const folder = await written({ episodes: LEAKING });
  const told = await cli('dataset', 'audit', folder);
  expect(told.stdout).toMatch(/^host +nmi +1\.00 +1\.00 +0\.00\d +20 +LEAK$/m);
  expect(told.stdout).toContain('The host tells which labels an episode holds: knowing it removes 100 %');
  expect(told.stdout).toContain('Leaks: host.');
  expect(told.code).toBe(3);
  const ignored = await cli('dataset', 'audit', folder, '--ignore', 'host');
  expect(ignored.stdout).toMatch(/^host .* ignored$/m);
  expect(ignored.code).toBe(0);
  expect((await cli('dataset', 'audit', folder, '--threshold', '1')).code).toBe(0);
});

test('with --json it is one document that its schema describes, with the same exit code', async () => {
  const features = (id: string) => noiseOf(id, (row, label) => (label === 'malicious' ? row.with(1, null) : row));
  const episodes = pairs(10, ({ id }) => ({ features: features(id) }));
  const { code, stdout } = await cli('dataset', 'audit', await written({ episodes }), '--json');
  const report = JSON.parse(stdout);
  expectValid(report, 'results/dataset-audit.schema.json');
  expect(report.is_leaking).toBe(true);
  expect(code).toBe(3);
});

test.each([
  [['nowhere'], 4, /nowhere\/dataset\.json can not be read/],
  [['.', '--threshold', '2'], 2, /--threshold is "2"; it is a number from 0 to 1/],
  [['.', '--threshold', ''], 2, /--threshold is ""/],
  [['.', '--view', 'both'], 2, /Expected --view=both to be one of: deployable, oracle, all/],
  [[], 2, /Missing 1 required arg/],
])('dataset audit %j is refused with exit %d', async (args, code, sentence) => {
  const told = await cli('dataset', 'audit', ...args);
  expect(told.stderr).toMatch(sentence);
  expect(told).toMatchObject({ code, stdout: '' });
});

test('names from elsewhere act on no terminal', async () => {
  const folder = await written({
    episodes: pairs(10, (episode, arm) =>
      withColumns(episode, {
        pair: `\u001b]0;x\u0007${episode.id}`,
        scenario: 'a\nLeaks: none',
        host: `\u001b[2J${arm}`,
      }),
    ),
  });
  const { stdout } = await cli('dataset', 'audit', folder);
  expect(stdout).not.toContain('\u001b');
  expect(stdout).not.toMatch(/^Leaks: none/m);
});
