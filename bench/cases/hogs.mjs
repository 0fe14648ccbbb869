import { missedTicks, recordEpisode } from '../lib/episode.mjs';
import { besideHogs } from '../lib/hogs.mjs';
import { median } from '../lib/statistics.mjs';

const HOGS = 4;
const BAR = 0;

/** 10 Hz with both collectors for 10 s beside more busy programs than there are cores. */
export async function hogs({ folder, targetPid, rounds }) {
  const missed = [];
  for (let round = rounds(3, 1); round > 0; round--) {
    const record = () => recordEpisode({ folder, targetPid, args: ['--duration', '10s', '--interval', '100ms'] });
    missed.push(missedTicks((await besideHogs(HOGS, record)).meta));
  }
  const figure = `${median(missed)} (worst ${Math.max(...missed)})`;
  return [{ name: `10 Hz beside ${HOGS} hogs, missed`, figure, bar: `<= ${BAR}`, isOk: median(missed) <= BAR }];
}
