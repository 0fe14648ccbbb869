import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { recordEpisode } from '../lib/episode.mjs';
import { interleave, median } from '../lib/statistics.mjs';

const SAMPLE_PERIOD_MS = 100;
const FURTHER = 8;
const MB = 1e6;
const BAR_MB = 110;
const BAR_FURTHER_MB = 12;

/** Resident memory of the recorder with both collectors at 10 Hz over 10 s, and what each further collector adds. */
export async function memory({ folder, targetPid, rounds }) {
  const config = join(folder, 'further.json');
  writeFileSync(config, JSON.stringify({ collectors: withFurther() }));
  const common = ['--duration', '10s', '--interval', '100ms'];
  const { two, ten } = await interleave(rounds(3, 1), {
    two: () => watchEpisode({ folder, targetPid, args: common }),
    ten: () => watchEpisode({ folder, targetPid, args: ['--config', config, ...common] }),
  });
  const peak = median(two.map(({ peakMb }) => peakMb));
  const resident = median(two.map(({ residentMb }) => residentMb));
  const further = median(ten.map(({ peakMb }, i) => (peakMb - two[i].peakMb) / FURTHER));
  return [
    {
      name: 'memory, two collectors, VmHWM',
      figure: `${peak.toFixed(1)} MB`,
      bar: `<= ${BAR_MB} MB`,
      isOk: peak <= BAR_MB,
    },
    { name: 'memory, two collectors, VmRSS', figure: `${resident.toFixed(1)} MB` },
    {
      name: 'memory, a further collector',
      figure: `${further.toFixed(1)} MB`,
      bar: `<= ${BAR_FURTHER_MB} MB`,
      isOk: further <= BAR_FURTHER_MB,
    },
  ];
}

function withFurther() {
  const further = Array.from({ length: FURTHER }, (_, i) => [`extra_${i + 1}`, { use: 'system' }]);
  return { host_proc: {}, system: {}, ...Object.fromEntries(further) };
}

/** Not from meta.json: what getrusage calls the maximum begins with the memory of the process that forked. */
async function watchEpisode({ folder, targetPid, args }) {
  const seen = { residentMb: 0, peakMb: 0 };
  let timer;
  const onStart = (child) => {
    const look = () => readMemory(child.pid, seen);
    timer = setInterval(look, SAMPLE_PERIOD_MS);
    // its last lines come when all work is done: a look at the end that the period alone would miss
    child.stderr.on('data', look);
    child.stdout.on('data', look);
  };
  try {
    await recordEpisode({ folder, targetPid, args, onStart });
  } finally {
    clearInterval(timer);
  }
  return seen;
}

function readMemory(pid, seen) {
  const status = statusOf(pid);
  const read = (key) => (Number(new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) * 1024) / MB;
  seen.residentMb = Math.max(seen.residentMb, read('VmRSS'));
  seen.peakMb = Math.max(seen.peakMb, read('VmHWM'));
}

function statusOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/status`, 'latin1');
  } catch {
    return ''; // it has ended
  }
}
