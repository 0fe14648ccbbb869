import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { compileC } from '../lib/build.mjs';
import { run } from '../lib/children.mjs';
import { recordEpisode } from '../lib/episode.mjs';
import { interleave, median, medianRatio } from '../lib/statistics.mjs';

const INTERVAL_NS = 1e6;
const DURATION_NS = 10e9;
const MISSED_SHARE = 0.001;
const BAR_P99 = 1.5;

/** 1 kHz for 10 s, against a loop on clock_nanosleep: ticks missed, and how late the others are. */
export async function cadence({ folder, targetPid, rounds }) {
  const program = await compileC('cadence');
  const { ours, c } = await interleave(rounds(5, 1), {
    ours: () => recordAt1kHz({ folder, targetPid }),
    c: () => loopInC({ program, targetPid, file: join(folder, 'cadence.jsonl') }),
  });
  return [missedRow(pick(ours, 'missed'), pick(c, 'missed')), latenessRow(pick(ours, 'p99Ns'), pick(c, 'p99Ns'))];
}

async function recordAt1kHz({ folder, targetPid }) {
  const args = [
    '--collector',
    'host_proc',
    '--interval',
    `${INTERVAL_NS / 1e6}ms`,
    '--duration',
    `${DURATION_NS / 1e9}s`,
  ];
  const { path, meta } = await recordEpisode({ folder, targetPid, args });
  rmSync(path, { recursive: true });
  const [{ ticks_missed, lateness_ns }] = meta.collectors;
  return { missed: ticks_missed, p99Ns: lateness_ns.p99 };
}

async function loopInC({ program, targetPid, file }) {
  const printed = await run(program, [`${targetPid}`, file, `${INTERVAL_NS}`, `${DURATION_NS}`]);
  rmSync(file);
  const [missed, p99Ns] = printed.split(' ').map(Number);
  return { missed, p99Ns };
}

const pick = (results, key) => results.map((result) => result[key]);

function missedRow(ours, c) {
  const more = MISSED_SHARE * (DURATION_NS / INTERVAL_NS);
  const isOk = median(ours) <= median(c) + more;
  return {
    name: 'cadence 1 kHz, missed',
    figure: `${median(ours)}`,
    baseline: `${median(c)}`,
    bar: `<= C + ${more}`,
    isOk,
  };
}

function latenessRow(ours, c) {
  const ratio = medianRatio(ours, c);
  const show = (values) => `${(median(values) / 1e3).toFixed(0)} us`;
  return {
    name: 'cadence 1 kHz, p99 late',
    figure: show(ours),
    baseline: show(c),
    ratio,
    bar: `<= ${BAR_P99} x`,
    isOk: ratio <= BAR_P99,
  };
}
