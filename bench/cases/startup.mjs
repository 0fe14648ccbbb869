import { spawnSync } from 'node:child_process';
import { CHILD_ENV } from '../lib/children.mjs';
import { CLI, recordEpisode } from '../lib/episode.mjs';
import { interleave, median, medianRatio } from '../lib/statistics.mjs';

const BAR_VERSION = 2;
const BAR_FIRST_TICK_MS = 350;

/** Wall time: of `cis490 --version` against Node alone, and from the start of a command to the first tick. */
export async function startup({ folder, targetPid, rounds }) {
  return [await version(rounds(31, 7)), await firstTick({ folder, targetPid, rounds: rounds(15, 3) })];
}

async function version(rounds) {
  const { ours, node } = await interleave(rounds, { ours: () => timeNode([CLI, '--version']), node: timeNodeAlone });
  const ratio = medianRatio(ours, node);
  return {
    name: 'startup, --version',
    figure: show(ours),
    baseline: show(node),
    ratio,
    bar: `<= ${BAR_VERSION} x`,
    isOk: ratio <= BAR_VERSION,
  };
}

async function firstTick({ folder, targetPid, rounds }) {
  const { ours, node } = await interleave(rounds, {
    ours: () => timeToTick0({ folder, targetPid }),
    node: timeNodeAlone,
  });
  const isOk = median(ours) <= BAR_FIRST_TICK_MS;
  return {
    name: 'startup, to tick 0',
    figure: show(ours),
    baseline: show(node),
    ratio: medianRatio(ours, node),
    bar: `<= ${BAR_FIRST_TICK_MS} ms`,
    isOk,
  };
}

async function timeToTick0({ folder, targetPid }) {
  const { startedNs, meta } = await recordEpisode({ folder, targetPid, args: ['--duration', '200ms'] });
  return Number(BigInt(meta.clocks.origin_monotonic_ns) - startedNs) / 1e6;
}

const timeNodeAlone = () => timeNode(['-e', '0']);

function timeNode(args) {
  const before = process.hrtime.bigint();
  const { status, error } = spawnSync(process.execPath, args, { env: CHILD_ENV, stdio: 'ignore' });
  const tookNs = process.hrtime.bigint() - before;
  if (status !== 0) throw error ?? new Error(`node ${args.join(' ')} ended with ${status}`);
  return Number(tookNs) / 1e6;
}

const show = (milliseconds) => `${median(milliseconds).toFixed(1)} ms`;
