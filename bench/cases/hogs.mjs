import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { start } from '../lib/children.mjs';
import { missedTicks, recordEpisode } from '../lib/episode.mjs';
import { median } from '../lib/statistics.mjs';

const HOGS = 4;
/** It ends by itself, should nobody be left to end it. */
const BUSY = 'const end = Date.now() + 60e3; while (Date.now() < end);';
const WARM_JIFFIES = 20;
const BAR = 0;

/** 10 Hz with both collectors for 10 s beside more busy programs than there are cores. */
export async function hogs({ folder, targetPid, rounds }) {
  const missed = [];
  for (let round = rounds(3, 1); round > 0; round--) missed.push(await recordBesideHogs({ folder, targetPid }));
  const figure = `${median(missed)} (worst ${Math.max(...missed)})`;
  return [{ name: `10 Hz beside ${HOGS} hogs, missed`, figure, bar: `<= ${BAR}`, isOk: median(missed) <= BAR }];
}

async function recordBesideHogs({ folder, targetPid }) {
  const busy = Array.from({ length: HOGS }, () => start(process.execPath, ['-e', BUSY], 'ignore'));
  try {
    while (!busy.every(({ pid }) => cpuJiffies(pid) >= WARM_JIFFIES)) await sleep(20);
    return missedTicks(
      (await recordEpisode({ folder, targetPid, args: ['--duration', '10s', '--interval', '100ms'] })).meta,
    );
  } finally {
    for (const hog of busy) hog.kill('SIGKILL');
  }
}

function cpuJiffies(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /s, '')
    .split(' ');
  return Number(fields[11]) + Number(fields[12]);
}
