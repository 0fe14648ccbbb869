import { cis490, recordEpisode } from '../lib/episode.mjs';
import { extendEpisode } from '../lib/long-episode.mjs';
import { interleave, median } from '../lib/statistics.mjs';

const ROWS = 1_000_000;
const BAR = 400_000;

/** Rows that `episode validate` holds against their schema in a second; the time for an episode of 10 rows is subtracted. */
export async function validate({ folder, targetPid, rounds }) {
  const args = ['--collector', 'host_proc', '--interval', '100ms', '--duration', '1s'];
  const short = await recordEpisode({ folder, targetPid, args });
  const long = await recordEpisode({ folder, targetPid, args });
  extendEpisode(long.path, ROWS);
  const times = await interleave(rounds(5, 1), {
    long: () => timeValidate(long.path),
    short: () => timeValidate(short.path),
  });
  const rate = median(times.long.map((seconds, i) => ROWS / (seconds - times.short[i])));
  const figure = `${Math.round(rate / 1e3)} k rows/s`;
  return [{ name: 'validate', figure, bar: `>= ${BAR / 1e3} k rows/s`, isOk: rate >= BAR }];
}

async function timeValidate(path) {
  const before = process.hrtime.bigint();
  await cis490(['episode', 'validate', path]);
  return Number(process.hrtime.bigint() - before) / 1e9;
}
