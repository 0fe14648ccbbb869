/**
 * `node examples/lab/demo/main.mjs [--network isolated|restricted]`: records the tour in a minute, building the image if
 * there is none, and shows what its phases look like. Exits with 0 if the guest's series tell them apart, with 1 if not,
 * with 2 for wrong usage, and with the program's own code where it could not record.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { phaseMeans, stretchesOf } from './phase-means.mjs';
import { blurred } from './plainness.mjs';
import { readEpisode } from './read-episode.mjs';
import { runCli } from './run-cli.mjs';
import { signalsOf } from './signals.mjs';
import { tableText } from './table.mjs';
import { tourConfig } from './tour-config.mjs';

/** A recording that missed a few samples on a busy machine still shows its phases. */
const SHOWN = new Set(['ok', 'degraded']);

const say = (line) => process.stderr.write(`${line}\n`);
const network = readNetwork();
const folder = mkdtempSync(join(tmpdir(), 'cis490-demo-'));
try {
  process.exitCode = await demo();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function demo() {
  const { code, document } = await record();
  if (document?.path === undefined) return code;
  const { path, status, end_reason, grade, reasons } = document;
  say(`${status} (${end_reason}), grade ${grade}${reasons.map((reason) => `\n  - ${reason}`).join('')}\n`);
  if (status !== 'complete' || !SHOWN.has(grade)) return code;
  const means = meansOf(path);
  process.stdout.write(`${tableText(means)}\n${path}\n`);
  const problems = blurred(means);
  for (const problem of problems) say(`Error: ${problem}`);
  return problems.length === 0 ? 0 : 1;
}

/** A lab without an image gets one. */
async function record() {
  const start = () => runCli('episode', 'start', '--config', tourConfig(network, folder));
  const first = await start();
  if (first.document?.error?.code !== 'LAB_IMAGE_MISSING') return first;
  say('\nBuilding it:');
  const built = await runCli('lab', 'build');
  return built.code === 0 ? start() : built;
}

function meansOf(episode) {
  const { meta, labels, rowsOf } = readEpisode(episode, ['host_proc', 'system']);
  const signals = signalsOf(meta.vantages.local.clock_ticks_per_second);
  return phaseMeans(stretchesOf(labels, meta.end_ns), rowsOf, signals);
}

function readNetwork() {
  const usual = process.getuid() === 0 ? 'isolated' : 'restricted';
  try {
    const { values } = parseArgs({ options: { network: { type: 'string', default: usual } } });
    if (['isolated', 'restricted'].includes(values.network)) return values.network;
    throw new Error(`no network "${values.network}" for the tour; there are isolated (needs root) and restricted`);
  } catch (error) {
    say(`Error: ${error.message}`);
    process.exit(2);
  }
}
