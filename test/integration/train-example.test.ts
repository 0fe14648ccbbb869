import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli, ROOT, temporaryFolder, watch } from '../support/cli.js';
import { madeFeatures } from '../support/dataset.js';
import { writeTable } from '../support/made-table.js';

const EXAMPLE = join(ROOT, 'examples/train');
const NAMES: Readonly<Record<string, string>> = {
  deployable: 'system__context_switches__rate',
  oracle: 'host_proc__voluntary_ctxsw__rate',
};

const { findPython }: { findPython: () => string | undefined } = await import(join(EXAMPLE, 'find-python.mjs'));
const { pairConfigs }: { pairConfigs: (pairs: number) => Config[] } = await import(join(EXAMPLE, 'configs.mjs'));

interface Config {
  readonly seed: number;
  readonly scenario: { readonly id: string; readonly arm: string; readonly pair: number };
  readonly phases: readonly { readonly label: string; readonly duration: unknown }[];
}

/** Rows of two classes that the feature tells apart, or does not; some of its values are null. */
function query(feature: string, episode: string, isTold: boolean): string {
  const value = isTold ? 'if(i % 2 = 0, 1, 5) + (i % 7) / 10' : `(i * ${episode === 'a' ? 7919 : 104729} % 101)`;
  return `SELECT '${episode}' AS episode_id, i AS step, 1767225600123456789 + i AS t_wall_ns,
    if(i % 2 = 0, 'benign', 'malicious') AS label, 'NA' AS pair,
    if(i % 9 = 0, NULL, ${value})::DOUBLE AS ${feature} FROM range(1, 101) AS rows(i)`;
}

/** A data set of which the oracle knows the answer, and the deployable view does not. */
async function madeDataset(folder: string, testEpisode: string): Promise<void> {
  for (const [view, document] of madeFeatures()) {
    const name = NAMES[view]!;
    const isTold = view === 'oracle';
    await writeTable(join(folder, view, 'aligned'), {
      train: query(name, 'a', isTold),
      test: query(name, testEpisode, isTold),
    });
    writeFileSync(join(folder, view, 'features.json'), JSON.stringify(document));
  }
}

const node = (...args: string[]) => watch(spawn(process.execPath, [join(EXAMPLE, args[0]!), ...args.slice(1)])).outcome;

async function train(testEpisode: string) {
  const folder = temporaryFolder();
  await madeDataset(folder, testEpisode);
  for (const view of Object.keys(NAMES))
    expect(await node('to-csv.mjs', join(folder, view, 'aligned'), join(folder, `${view}.csv`))).toMatchObject({
      code: 0,
    });
  const python = findPython();
  if (process.env.CI === undefined && python === undefined) {
    console.error("LEFT OUT: training, because Debian's python3-sklearn is not installed");
    return undefined;
  }
  return watch(spawn(python!, [join(EXAMPLE, 'train.py'), folder, '--csv', folder])).outcome;
}

test('a table as CSV has its split, each integer to the last digit, and nothing for a null', async () => {
  const folder = temporaryFolder();
  await madeDataset(folder, 'b');
  const file = join(folder, "it's.csv");
  expect(await node('to-csv.mjs', join(folder, 'oracle/aligned'), file)).toMatchObject({ code: 0, stderr: '' });
  const lines = readFileSync(file, 'utf8').split('\n');
  expect(lines[0]).toBe(`episode_id,step,t_wall_ns,label,pair,${NAMES.oracle},split`);
  expect(lines[1]).toBe('a,1,1767225600123456790,malicious,NA,5.1,train');
  expect(lines).toContain('b,9,1767225600123456798,malicious,NA,,test');
  expect(lines).toHaveLength(202);
});

test('a classifier learns from features alone, and is judged on the other split', { timeout: 120_000 }, async () => {
  const outcome = await train('b');
  if (outcome === undefined) return;
  const { code, stdout, stderr } = outcome;
  expect(stderr).toBe('');
  expect(code).toBe(0);
  const line = (view: string) =>
    stdout
      .split('\n')
      .find((each) => each.startsWith(`${view} `))!
      .split(/\s+/);
  expect(stdout).toMatch(/^view +features +train +test +balanced accuracy +recall benign +recall malicious$/m);
  expect(line('oracle').slice(1, 4)).toEqual(['1', '100', '100']);
  expect(Number(line('oracle')[4])).toBeGreaterThan(0.85);
  expect(Number(line('deployable')[4])).toBeLessThan(0.75);
  expect(stdout).toContain(`leans on: ${NAMES.oracle}`);
  expect(stdout).toMatch(/^oracle: was \\ taken for +benign +malicious$/m);
});

test('an episode in both splits is told, and nothing is trained', { timeout: 120_000 }, async () => {
  const outcome = await train('a');
  if (outcome === undefined) return;
  expect(outcome).toMatchObject({ code: 1, stderr: 'episodes in both splits: a\n', stdout: '' });
});

test('the arms of a pair share seed and lengths, and neither is always the first', () => {
  const configs = pairConfigs(4);
  for (let i = 0; i < configs.length; i += 2) {
    const [a, b] = [configs[i]!, configs[i + 1]!];
    expect([a.scenario.id, a.scenario.pair, a.seed]).toEqual([b.scenario.id, b.scenario.pair, b.seed]);
    expect(a.phases.map(({ duration }) => duration)).toEqual(b.phases.map(({ duration }) => duration));
    expect(new Set([a.scenario.arm, b.scenario.arm])).toEqual(new Set(['malicious', 'benign']));
  }
  expect(new Set(configs.filter((_, i) => i % 2 === 0).map(({ scenario }) => scenario.arm)).size).toBe(2);
});

test('each configuration of the demo is valid', async () => {
  const folder = temporaryFolder();
  mkdirSync(folder, { recursive: true });
  for (const [i, config] of pairConfigs(2).entries()) {
    const path = join(folder, `${i}.json`);
    writeFileSync(path, JSON.stringify(config));
    expect(await cli('config', 'validate', '--config', path)).toMatchObject({ code: 0 });
  }
});

test('the demo takes a number of pairs', async () => {
  expect(await node('run.mjs', '--pairs', 'many')).toMatchObject({
    code: 2,
    stderr: 'Error: --pairs is a number from 2, not "many"\n',
  });
});
