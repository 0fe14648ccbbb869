import { pythonProgram } from '../lib/build.mjs';
import { cis490 } from '../lib/episode.mjs';
import { ticksOptions } from '../lib/ticks-program.mjs';

export const INTERVAL_MS = 10;
/** Some collectors are `partial`, or not there: the exit code says no more than that. */
const ACCEPTED = [0, 3];

/** Why a collector that the machine has is not in the soak: it would have nothing to look at. */
const LEFT_OUT = { qmp: 'it looks into a virtual machine, and the target is a command' };

/**
 * The configuration of the soak: all collectors that can run here, or those that are named, beside a command that never
 * rests. Resolves to it and to a sentence for each collector that is left out.
 */
export async function soakConfig({ duration, plugin, names = [] }) {
  const { chosen, leftOut } = names.length > 0 ? { chosen: names, leftOut: [] } : await probe();
  const config = {
    target: { type: 'command', argv: ['python3', pythonProgram('restless')] },
    duration,
    ...(plugin && { plugins: [plugin] }),
    collectors: Object.fromEntries(chosen.map((name) => [name, entryOf(name)])),
  };
  return { config, leftOut };
}

async function probe() {
  const { collectors } = JSON.parse(await cis490(['collector', 'probe', '--json'], { accept: ACCEPTED }));
  const own = collectors.filter(({ origin }) => origin === 'builtin').map((each) => ({ ...each, why: whyNot(each) }));
  return {
    chosen: own.filter(({ why }) => why === null).map(({ name }) => name),
    leftOut: own.filter(({ why }) => why !== null).map(({ name, why }) => `${name} is left out: ${why}`),
  };
}

function whyNot({ name, status, reason }) {
  if (LEFT_OUT[name] !== undefined) return LEFT_OUT[name];
  return status === 'unavailable' ? reason : null;
}

/** No floor lies above the soak's interval: those of perf and syscalls, the highest, are 10 ms too. */
function entryOf(name) {
  return { interval: `${INTERVAL_MS}ms`, ...(name === 'exec' && { options: ticksOptions(INTERVAL_MS) }) };
}
