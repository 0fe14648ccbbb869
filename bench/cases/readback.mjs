import { cis490 } from '../lib/episode.mjs';
import { leaveLongEpisode } from '../lib/long-episode.mjs';
import { watchMemory } from '../lib/peak-memory.mjs';
import { interleave, median } from '../lib/statistics.mjs';
import { ticksOptions } from '../lib/ticks-program.mjs';

const BAR_RATE = 400_000;
const BAR_MB = 150;
/** Ticks of an episode that costs what it costs to start the command, read meta.json and so on. */
const FEW_TICKS = 10;

/** What is recorded: a polled collector's rows and a stream's, flat as most are; and the widest row with its arrays. */
const FLAT = {
  host_proc: {},
  again: { use: 'host_proc' },
  third: { use: 'host_proc' },
  exec: { options: ticksOptions(100) },
};
const WIDE = { system: {} };

/**
 * Rows a second and peak memory of `episode recover` and then `episode validate`, on what a killed recorder left. The
 * time for an episode of a few rows is subtracted. Two sizes: memory must not depend on it.
 */
export async function readback({ folder, targetPid, rounds }) {
  const leave = (collectors, ticks) => leaveLongEpisode({ folder, targetPid, collectors, ticks });
  const [large, small] = [rounds(4e6, 1e6), rounds(1e6, 25e4)];
  const episodes = {
    few: await leave(FLAT, FEW_TICKS),
    small: await leave(FLAT, small / Object.keys(FLAT).length),
    large: await leave(FLAT, large / Object.keys(FLAT).length),
    wide: await leave(WIDE, rounds(4e5, 5e4)),
  };
  const results = await interleave(
    rounds(3, 1),
    Object.fromEntries(Object.entries(episodes).map(([name, episode]) => [name, () => measureBoth(episode)])),
  );
  return ['recover', 'validate'].flatMap((command) =>
    ['small', 'large', 'wide'].map((name) => toRow({ command, name, episode: episodes[name], results })),
  );
}

async function measureBoth({ path, reset }) {
  reset();
  // a stream's row or two may come to lie behind the planned end, and be told as lost; a recovered episode is valid
  return { recover: await measure(['recover', path]), validate: await measure(['validate', path]) };
}

async function measure(args) {
  let memory;
  const before = process.hrtime.bigint();
  await cis490(['episode', ...args], { accept: [0, 3], onStart: (child) => (memory = watchMemory(child)) });
  return { seconds: Number(process.hrtime.bigint() - before) / 1e9, peakMb: memory.peakMb };
}

function toRow({ command, name, episode: { rows }, results }) {
  const own = results[name].map((result, i) => result[command].seconds - results.few[i][command].seconds);
  const rate = rows / median(own);
  const peakMb = median(results[name].map((result) => result[command].peakMb));
  return {
    name: `${command}, ${(rows / 1e6).toFixed(2)} M ${name === 'wide' ? 'rows of system' : 'flat rows'}`,
    figure: `${Math.round(rate / 1e3)} k rows/s, ${peakMb.toFixed(0)} MB`,
    // the widest rows, of 1.7 kB, are bound by hashing: what counts there is memory
    ...(name === 'wide'
      ? { bar: `<= ${BAR_MB} MB`, isOk: peakMb <= BAR_MB }
      : {
          bar: `>= ${BAR_RATE / 1e3} k rows/s, <= ${BAR_MB} MB`,
          isOk: rate >= BAR_RATE && peakMb <= BAR_MB,
        }),
  };
}
