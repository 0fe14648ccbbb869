import { cpSync, existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { filesBelow } from '../../src/core/files/files-below.js';
import { cli, startCli, temporaryFolder } from '../support/cli.js';
import { counts, inParallel } from './support/in-parallel.js';
import { expectValid, settle } from './support/judge.js';
import { tell } from './support/random.js';
import { type Call, withFault } from './support/shim.js';
import { harm, smallEpisode } from './support/small-episode.js';

const CALLS: readonly Call[] = ['create', 'write', 'fsync', 'truncate', 'mkdir', 'unlink', 'rename'];
const AT_ONCE = 2;
const LABEL = ['--revises', '0', '--label', 'unknown', '--why', 'a test', '--by', 'nobody'];

async function copy(prepare: (folder: string) => void): Promise<string> {
  const original = await smallEpisode();
  const folder = join(temporaryFolder(), basename(original));
  cpSync(original, folder, { recursive: true });
  prepare(folder);
  return folder;
}

/** The calls by which a command changes the folder, with nothing in its way. */
async function callsOf(folder: string, ...args: string[]): Promise<string[]> {
  const counting = withFault({ below: folder, calls: CALLS, how: 'count' });
  await startCli(args, { env: counting.env }).outcome;
  return counting.hits();
}

async function killAt(folder: string, from: number, ...args: string[]): Promise<void> {
  const { env, hits } = withFault({ below: folder, calls: CALLS, how: 'kill', from, times: 1 });
  expect((await startCli(args, { env }).outcome).signal).toBe('SIGKILL');
  expect(hits()).toHaveLength(1);
}

/** All but what tells the time. */
const contentOf = (folder: string) =>
  Object.fromEntries(
    filesBelow(folder).map((path) => [
      path,
      readFileSync(join(folder, path), 'latin1').replace(/"at_realtime_ns": \d+/g, ''),
    ]),
  );

test('kill -9 of a recovery at each call that changes the folder: again it does the same, and tells the same losses', async () => {
  const undisturbed = await copy(harm);
  const calls = await callsOf(undisturbed, 'episode', 'recover', undisturbed);
  const { 'done.marker': _, 'meta.json': meta, ...expected } = contentOf(undisturbed);
  expect(calls.length).toBeGreaterThan(15);
  const fates = await inParallel(AT_ONCE, calls, async (_call, index) => {
    const folder = await copy(harm);
    await killAt(folder, index + 1, 'episode', 'recover', folder);
    if (existsSync(join(folder, 'done.marker'))) return 'was finished';
    const { code, stdout, stderr } = await cli('episode', 'recover', folder, '--json');
    expect(code, stderr).toBe(3);
    expect(JSON.parse(stdout).episodes[0].lost).toHaveLength(4);
    await expectValid([folder]);
    const { 'done.marker': _marker, 'meta.json': ownMeta, ...content } = contentOf(folder);
    expect(content).toEqual(expected);
    expect(ownMeta).toBe(meta);
    return 'did the same again';
  });
  tell(`kill -9 of a recovery at each of ${calls.length} calls: ${counts(fates)}`);
});

test('kill -9 of a relabelling at each call that changes the folder: it is whole, or a recovery makes it so', async () => {
  const undisturbed = await copy(() => {});
  const before = readFileSync(join(undisturbed, 'labels.jsonl'), 'utf8');
  const calls = await callsOf(undisturbed, 'episode', 'label', undisturbed, ...LABEL);
  const after = readFileSync(join(undisturbed, 'labels.jsonl'), 'utf8');
  expect(calls.length).toBeGreaterThan(8);
  const fates = await inParallel(AT_ONCE, calls, async (_call, index) => {
    const folder = await copy(() => {});
    await killAt(folder, index + 1, 'episode', 'label', folder, ...LABEL);
    const [fate] = await settle([folder]);
    expect(fate).not.toBe('recovered with a loss');
    const labels = readFileSync(join(folder, 'labels.jsonl'), 'utf8');
    expect([before, after]).toContain(labels);
    return `${fate} with ${labels === before ? 'the former' : 'the new'} labels`;
  });
  tell(`kill -9 of a relabelling at each of ${calls.length} calls: ${counts(fates)}`);
});
