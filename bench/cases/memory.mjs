import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { recordEpisode } from '../lib/episode.mjs';
import { watchMemory } from '../lib/peak-memory.mjs';
import { interleave, median } from '../lib/statistics.mjs';

const FURTHER = 8;
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

async function watchEpisode({ folder, targetPid, args }) {
  let seen;
  await recordEpisode({ folder, targetPid, args, onStart: (child) => (seen = watchMemory(child)) });
  return seen;
}
