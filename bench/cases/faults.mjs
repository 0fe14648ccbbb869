import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { recordEpisode } from '../lib/episode.mjs';
import { median } from '../lib/statistics.mjs';

const PLUGIN = new URL('../../test/plugins/misbehaving.mjs', import.meta.url).pathname;
/** Those that are a burden to the machine, and so might be one to their neighbours. */
const BURDENS = ['spins', 'floods', 'hoards', 'leaks_timers', 'is_slow', 'throws_in_sample', 'never_answers'];
const BAR = 2;

/** The lateness of host_proc at 100 Hz (so that p99 is more than the worst of a few) beside a collector that misbehaves, against that of an undisturbed run. */
export async function faults({ folder, targetPid, rounds }) {
  const rows = [];
  for (const name of BURDENS.slice(0, rounds(BURDENS.length, 2))) {
    const ratios = [];
    const missed = { alone: 0, beside: 0 };
    for (let round = rounds(3, 1); round > 0; round--) {
      const alone = await hostProcBeside(null, { folder, targetPid });
      const beside = await hostProcBeside(name, { folder, targetPid });
      ratios.push(beside.lateness_ns.p99 / alone.lateness_ns.p99);
      missed.alone += alone.ticks_missed;
      missed.beside += beside.ticks_missed;
    }
    const ratio = median(ratios);
    const figure = `${ratio.toFixed(2)} (missed ${missed.beside}, alone ${missed.alone})`;
    rows.push({ name: `p99 lateness beside "${name}"`, figure, bar: `<= ${BAR}`, isOk: ratio <= BAR });
  }
  return rows;
}

async function hostProcBeside(name, { folder, targetPid }) {
  const config = join(folder, 'faults.json');
  const collectors = { host_proc: { interval: '10ms' }, ...(name && { [name]: {} }) };
  writeFileSync(config, JSON.stringify({ plugins: [PLUGIN], collectors }));
  const { meta } = await recordEpisode({ folder, targetPid, args: ['--config', config, '--duration', '5s'] });
  return meta.collectors.find(({ source }) => source === 'host_proc');
}
