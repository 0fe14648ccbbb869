import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { missedTicks, recordEpisode } from '../lib/episode.mjs';
import { besideHogs } from '../lib/hogs.mjs';
import { median } from '../lib/statistics.mjs';

const BAR = 0;
/** Eight instances of those that need no privilege and no program; host_tree beside a small tree. */
const USES = ['host_proc', 'system', 'host_threads', 'host_tree', 'host_net', 'host_proc', 'system', 'host_net'];

/** Eight collectors at 10 Hz for 10 s on this machine's cores, beside a busy program. */
export async function eight({ folder, targetPid, rounds }) {
  const config = join(folder, 'eight.json');
  const collectors = Object.fromEntries(USES.map((use, i) => [`c${i}`, { use, interval: '100ms' }]));
  writeFileSync(config, JSON.stringify({ collectors }));
  const missed = [];
  for (let round = rounds(3, 1); round > 0; round--) {
    const record = () => recordEpisode({ folder, targetPid, args: ['--config', config, '--duration', '10s'] });
    missed.push(missedTicks((await besideHogs(1, record)).meta));
  }
  const figure = `${median(missed)} (worst ${Math.max(...missed)})`;
  return [
    { name: '8 collectors at 10 Hz beside a hog, missed', figure, bar: `<= ${BAR}`, isOk: median(missed) <= BAR },
  ];
}
