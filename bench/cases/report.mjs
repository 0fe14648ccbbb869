import { statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { cis490 } from '../lib/episode.mjs';
import { leaveLongEpisode } from '../lib/long-episode.mjs';
import { watchMemory } from '../lib/peak-memory.mjs';
import { median } from '../lib/statistics.mjs';

const TICKS = 36_000; // an hour at 10 Hz
const QUICK_TICKS = 3_000;
const COLLECTORS = { host_proc: {}, host_threads: {}, host_tree: {}, host_net: {}, system: {} };
const [BAR_SECONDS, BAR_BYTES, BAR_FIRST_MS] = [5, 5e6, 1_000];
/** What tells records apart stays what it is; all else moves. */
const KEPT = new Set(['epoch', 'tid', 'pid', 'ppid', 'cpu', 'vcpu', 'start_time_jiffies']);

/** A report of an hour of five sources at 10 Hz: how long it takes, how large it is, and when its first chart is seen. */
export async function report({ folder, targetPid, rounds }) {
  const ticks = rounds(TICKS, QUICK_TICKS);
  const { path, rows } = await leaveLongEpisode({ folder, targetPid, collectors: COLLECTORS, ticks, vary });
  await cis490(['episode', 'recover', path]);
  const file = join(folder, 'report.html');
  const made = [];
  for (let i = 0; i < rounds(3, 1); i++) made.push(await make(path, file));
  const bytes = statSync(file).size;
  const first = await firstChart(file, rounds(5, 2));
  const name = `report of ${(rows / 1e3).toFixed(0)} k rows of 5 sources`;
  const seconds = median(made.map((each) => each.seconds));
  return [
    {
      name,
      figure: `${seconds.toFixed(2)} s, ${median(made.map(({ peakMb }) => peakMb)).toFixed(0)} MB of memory`,
      bar: `<= ${BAR_SECONDS} s`,
      isOk: seconds <= BAR_SECONDS,
    },
    {
      name: '... its size',
      figure: `${(bytes / 1e6).toFixed(2)} MB`,
      bar: `<= ${BAR_BYTES / 1e6} MB`,
      isOk: bytes <= BAR_BYTES,
    },
    {
      name: '... in chromium, until its first chart is drawn',
      figure: `${first.toFixed(0)} ms`,
      bar: `<= ${BAR_FIRST_MS} ms`,
      isOk: first <= BAR_FIRST_MS,
    },
  ];
}

async function make(path, file) {
  let memory;
  const before = process.hrtime.bigint();
  await cis490(['episode', 'report', path, '--file', file, '--force'], {
    onStart: (child) => (memory = watchMemory(child)),
  });
  return { seconds: Number(process.hrtime.bigint() - before) / 1e9, peakMb: memory.peakMb };
}

/** From the navigation on, in milliseconds: what the page itself has marked. */
async function firstChart(file, times) {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });
  try {
    const found = [];
    for (let i = 0; i < times; i++) {
      const page = await browser.newPage();
      await page.goto(pathToFileURL(file).href);
      await page.waitForFunction("performance.getEntriesByName('first-chart').length > 0");
      found.push(await page.evaluate("performance.getEntriesByName('first-chart')[0].startTime"));
      await page.close();
    }
    return median(found);
  } finally {
    await browser.close();
  }
}

/** Rises by something else in each row, the same in each run. */
function vary(columns, i) {
  return columns.replace(/"(\w+)":(\d{1,15})(?=[,}\]])/g, (member, name, digits, at) => {
    const noise = ((i * 2_654_435_761 + at * 40_503) >>> 8) % 97;
    return KEPT.has(name) ? member : `"${name}":${Number(digits) + i * 97 + noise}`;
  });
}
