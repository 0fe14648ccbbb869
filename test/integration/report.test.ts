import { existsSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { cli, onlyEpisode, startCli, temporaryFolder } from '../support/cli.js';
import { expectValid } from '../support/schemas.js';
import { copyOf } from '../support/unfinished.js';

async function record(): Promise<string> {
  const output = temporaryFolder();
  const phases = ['--phase', 'a:benign:300ms', '--phase', 'b:malicious:300ms'];
  await cli('episode', 'start', '--target-pid', String(process.pid), ...phases, '--output', output);
  return onlyEpisode(output);
}

test('a report of a recorded episode is written where the command is run, and has every numeric field', async () => {
  const [episode, folder] = [await record(), temporaryFolder()];
  const id = basename(episode);
  const output = join(episode, '..');
  const report = (...args: string[]) =>
    startCli(['episode', 'report', id, '--output', output, ...args], { cwd: folder }).outcome;
  const { code, stdout, stderr } = await report('--json');
  expect([code, stderr]).toEqual([0, '']);
  const result = JSON.parse(stdout);
  expectValid(result, 'results/episode-report.schema.json');
  expect(result.path).toBe(join(folder, `${id}.html`));
  const page = readFileSync(result.path, 'utf8');
  for (const field of ['rss_bytes', 'context_switches', 'cpus · user_jiffies'])
    expect(page).toContain(`>${field}</h4>`);
  const again = await report();
  expect([again.code, again.stderr]).toEqual([2, expect.stringMatching(/exists already[\s\S]*--force/)]);
  const forced = await report('--force');
  expect([forced.code, forced.stdout]).toEqual([0, expect.stringMatching(/^wrote .*\.html: \d+ rows in \d+ charts/)]);
});

test('an episode that is not finished has no report', async () => {
  const episode = copyOf(await record());
  rmSync(join(episode, 'done.marker'));
  const folder = temporaryFolder();
  const { code, stderr } = await startCli(['episode', 'report', episode], { cwd: folder }).outcome;
  expect([code, stderr]).toEqual([4, expect.stringMatching(/has no done\.marker/)]);
  expect(existsSync(join(folder, `${basename(episode)}.html`))).toBe(false);
});
