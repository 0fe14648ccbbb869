import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../lib/children.mjs';
import { cis490 } from '../lib/episode.mjs';
import { leaveLongEpisode } from '../lib/long-episode.mjs';
import { watchMemory } from '../lib/peak-memory.mjs';
import { interleave, median } from '../lib/statistics.mjs';

const BARE_COPY = fileURLToPath(new URL('../lib/bare-copy.mjs', import.meta.url));
const BAR_SPEED = 0.5;
const BAR_MB = 2000;
const SOURCES = { host_proc: {}, system: {} };

/** `dataset build` with all its features beside DuckDB's bare copy of the same files; and its memory with many rows. */
export async function dataset({ folder, targetPid, rounds }) {
  const episode = await finishedEpisode({ folder, targetPid, collectors: SOURCES, ticks: rounds(200_000, 5_000) });
  const files = Object.keys(SOURCES).map((source) => join(episode.path, 'telemetry', `${source}.jsonl`));
  const results = await interleave(rounds(3, 1), {
    build: () => build(folder, episode.path),
    bare: () => bareCopy(folder, files),
  });
  const [ours, bare] = ['build', 'bare'].map((name) => median(results[name].map(({ seconds }) => seconds)));
  const many = await finishedEpisode({
    folder,
    targetPid,
    collectors: { host_proc: {}, again: { use: 'host_proc' } },
    ticks: rounds(5_000_000, 20_000),
  });
  const { seconds, peakMb } = await build(folder, many.path);
  return [
    {
      name: `dataset build, ${episode.rows} rows of two sources`,
      figure: `${ours.toFixed(1)} s`,
      baseline: `DuckDB's bare copy: ${bare.toFixed(1)} s`,
      ratio: bare / ours,
      bar: `>= ${BAR_SPEED} x its speed`,
      isOk: bare / ours >= BAR_SPEED,
    },
    {
      name: `dataset build, ${(many.rows / 1e6).toFixed(2)} M rows`,
      figure: `${seconds.toFixed(0)} s, ${peakMb.toFixed(0)} MB`,
      bar: `<= ${BAR_MB} MB`,
      isOk: peakMb <= BAR_MB,
    },
  ];
}

/** What a killed recorder left, recovered, and labelled: benign first, then malicious. */
async function finishedEpisode({ ticks, ...options }) {
  const { path, rows } = await leaveLongEpisode({ ...options, ticks });
  await cis490(['episode', 'recover', path]);
  const label = (from, name) =>
    cis490(['episode', 'label', path, '--from', from, '--uncertainty', '1ms', '--label', name, '--why', 'a benchmark']);
  await label('0s', 'benign');
  await label(`${Math.floor(ticks / 20)}s`, 'malicious');
  return { path, rows };
}

async function build(folder, episode) {
  const out = join(mkdtempSync(join(folder, 'set-')), 'set');
  let memory;
  const seconds = await timed(() =>
    cis490(['dataset', 'build', episode, '--out', out, '--view', 'all', '--min-grade', 'invalid'], {
      onStart: (child) => (memory = watchMemory(child)),
    }),
  );
  rmSync(out, { recursive: true });
  return { seconds, peakMb: memory.peakMb };
}

async function bareCopy(folder, files) {
  const out = mkdtempSync(join(folder, 'bare-'));
  const seconds = await timed(() => run(process.execPath, [BARE_COPY, ...files, out]));
  rmSync(out, { recursive: true });
  return { seconds };
}

async function timed(work) {
  const before = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - before) / 1e9;
}
