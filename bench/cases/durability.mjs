import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { compileLibrary } from '../lib/build.mjs';
import { recordEpisode } from '../lib/episode.mjs';
import { endedChildrenCpuNs, readCpuNs } from '../lib/process-usage.mjs';
import { interleave, median, medianRatio } from '../lib/statistics.mjs';

const BAR = 1.1;
/** meta.json twice, its folder twice, and the marker: fewer would mean that the library was not in use. */
const FEWEST_SYNCS = 6;

/**
 * CPU time of recording at 100 Hz, from the first tick until the marker is on the disk, with every fsync and without
 * any. Both run with the same library before libc; it counts, and in one of them it does nothing else.
 */
export async function durability({ folder, targetPid, rounds }) {
  const library = await compileLibrary('count_fsync');
  const duration = `${rounds(30, 10)}s`;
  const measure = (skip) => record({ folder, targetPid, library, duration, skip });
  const { synced, unsynced } = await interleave(rounds(5, 1), {
    synced: () => measure('0'),
    unsynced: () => measure('1'),
  });
  const ratio = medianRatio(pick(synced, 'msPerS'), pick(unsynced, 'msPerS'));
  return [
    {
      name: `cpu at 100 Hz with fsync (${median(pick(synced, 'syncs'))} of them in ${duration})`,
      figure: `${median(pick(synced, 'msPerS')).toFixed(1)} ms/s`,
      baseline: `${median(pick(unsynced, 'msPerS')).toFixed(1)} ms/s`,
      ratio,
      bar: `<= ${BAR.toFixed(2)} x`,
      isOk: ratio <= BAR,
    },
  ];
}

async function record({ folder, targetPid, library, duration, skip }) {
  const count = join(folder, 'fsync.count');
  rmSync(count, { force: true });
  const env = { LD_PRELOAD: library, CIS490_FSYNC_COUNT: count, CIS490_FSYNC_SKIP: skip };
  const endedBeforeNs = endedChildrenCpuNs();
  let startNs = 0;
  const onStart = ({ pid, stderr }) => stderr.once('data', () => (startNs = readCpuNs(pid)));
  const args = ['--interval', '10ms', '--duration', duration];
  const { path } = await recordEpisode({ folder, targetPid, args, onStart, env });
  rmSync(path, { recursive: true });
  const syncs = Number(readFileSync(count).readBigUInt64LE());
  if (syncs < FEWEST_SYNCS) throw new Error(`only ${syncs} calls of fsync were seen: LD_PRELOAD had no effect`);
  const ms = (endedChildrenCpuNs() - endedBeforeNs - startNs) / 1e6;
  return { syncs, msPerS: ms / Number.parseInt(duration, 10) };
}

const pick = (results, key) => results.map((result) => result[key]);
