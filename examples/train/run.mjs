/**
 * `node examples/train/run.mjs [--pairs N] [--keep DIR]`: records pairs of short episodes on this machine, malicious-like
 * and benign, makes a data set of them with the views deployable and oracle, and trains a classifier on each. Takes about
 * two minutes. Exits with 0 once the figures are told, whatever they are; with 2 for wrong usage, with 4 if Python lacks
 * what it takes, and with the program's own code where it could not record or build.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runCli } from '../lab/demo/run-cli.mjs';
import { pairConfigs } from './configs.mjs';
import { findPython } from './find-python.mjs';
import { toCsv } from './to-csv.mjs';

const VIEWS = ['deployable', 'oracle'];
const TRAIN = fileURLToPath(new URL('train.py', import.meta.url));
const LACKING = "no Python here has scikit-learn and pandas; Debian's are python3-sklearn and python3-pandas";

const say = (line) => process.stderr.write(`${line}\n`);
const { pairs, keep } = readOptions();
const folder = keep ?? mkdtempSync(join(tmpdir(), 'cis490-train-'));
try {
  process.exitCode = await demo();
} finally {
  if (keep === undefined) rmSync(folder, { recursive: true, force: true });
}

async function demo() {
  const python = findPython();
  if (python === undefined) {
    say(`Error: ${LACKING}`);
    return 4;
  }
  let code = await record(pairConfigs(pairs));
  if (code !== 0) return code;
  const dataset = join(folder, 'dataset');
  code = await build(join(folder, 'episodes'), dataset);
  if (code !== 0) return code;
  for (const view of VIEWS) await toCsv(join(dataset, view, 'aligned'), join(folder, `${view}.csv`));
  return spawnSync(python, [TRAIN, dataset, '--csv', folder], { stdio: 'inherit' }).status ?? 1;
}

/** One episode after the other; what a busy machine degraded is kept. */
async function record(configs) {
  mkdirSync(folder, { recursive: true });
  for (const [i, config] of configs.entries()) {
    const { id, arm, pair } = config.scenario;
    say(`\nepisode ${i + 1} of ${configs.length}: ${id}, pair ${pair}, ${arm}`);
    const path = join(folder, 'config.json');
    writeFileSync(path, JSON.stringify(config));
    const { code, document } = await runCli('episode', 'start', '--config', path, '--output', join(folder, 'episodes'));
    if (document?.status !== 'complete') return code === 0 ? 1 : code;
  }
  return 0;
}

/** Grouped by pair: a classifier is judged on twins that it has seen neither of. */
async function build(episodes, out) {
  const views = VIEWS.flatMap((view) => ['--view', view]);
  const grid = ['--grid', '500ms', '--guard', '100ms', '--min-grade', 'degraded'];
  const split = ['--split', '60/40', '--group-by', 'pair', '--seed', '1'];
  const { code } = await runCli('dataset', 'build', episodes, '--out', out, ...views, ...grid, ...split);
  return code;
}

function readOptions() {
  try {
    const options = { pairs: { type: 'string', default: '6' }, keep: { type: 'string' } };
    const { values } = parseArgs({ options });
    const number = Number(values.pairs);
    if (!Number.isInteger(number) || number < 2) throw new Error(`--pairs is a number from 2, not "${values.pairs}"`);
    if (values.keep !== undefined && existsSync(values.keep))
      throw new Error(`--keep is a new folder; "${values.keep}" exists`);
    return { pairs: number, keep: values.keep };
  } catch (error) {
    say(`Error: ${error.message}`);
    process.exit(2);
  }
}
