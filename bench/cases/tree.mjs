import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pythonProgram } from '../lib/build.mjs';
import { start } from '../lib/children.mjs';
import { recordEpisode } from '../lib/episode.mjs';
import { interleave, median, medianRatio } from '../lib/statistics.mjs';

const PROCESSES = 200;
const WARM_UP_MS = 2_000;
const WINDOW_MS = 10_000;
const BAR = 0.5;
/** The shell's children go with it: nobody else would end them. */
const TREE = `i=1; while [ $i -lt ${PROCESSES} ]; do setpriv --pdeathsig KILL sleep 3600 & i=$((i+1)); done; wait`;
/** Debian's own, which has python3-psutil; another one may come first in PATH. */
const PYTHON = '/usr/bin/python3';

/**
 * CPU time of reading 200 processes at 10 Hz: of the whole recorder, its main thread, its writing and its fsyncs
 * included, against a loop that reads the same with psutil and keeps nothing.
 */
export async function tree({ folder, rounds }) {
  const root = start('sh', ['-c', TREE], 'ignore');
  try {
    while (childrenOf(root.pid).length < PROCESSES - 1) await sleep(20);
    const { ours, psutil } = await interleave(rounds(3, 1), {
      ours: () => measureRecorder({ folder, targetPid: root.pid }),
      psutil: () => measurePsutil(root.pid),
    });
    const ratio = medianRatio(ours, psutil);
    const name = `tree of ${PROCESSES} at 10 Hz, CPU time`;
    return [{ name, figure: show(ours), baseline: show(psutil), ratio, bar: `<= ${BAR} x`, isOk: ratio <= BAR }];
  } finally {
    root.kill('SIGKILL');
  }
}

async function measureRecorder({ folder, targetPid }) {
  let measured;
  const onStart = ({ pid, stderr }) => {
    measured = new Promise((resolve) => stderr.once('data', () => resolve(measureWindow(pid))));
  };
  const duration = `${WARM_UP_MS + WINDOW_MS + 5_000}ms`;
  const args = ['--collector', 'host_tree', '--interval', '100ms', '--duration', duration];
  const { path } = await recordEpisode({ folder, targetPid, args, onStart });
  const rows = readFileSync(join(path, 'telemetry/host_tree.jsonl'), 'utf8').trimEnd().split('\n');
  if (!rows.every((row) => JSON.parse(row).process_count === PROCESSES)) throw new Error('it did not read the tree');
  return measured;
}

async function measurePsutil(targetPid) {
  const loop = start(PYTHON, [pythonProgram('tree'), `${targetPid}`]);
  let stderr = '';
  loop.stderr.on('data', (chunk) => (stderr += chunk));
  try {
    return await measureWindow(loop.pid);
  } catch (error) {
    throw new Error(`the loop with psutil has ended: ${stderr}`, { cause: error });
  } finally {
    loop.kill('SIGKILL');
  }
}

/** Milliseconds of CPU time a second, once it is warm. */
async function measureWindow(pid) {
  await sleep(WARM_UP_MS);
  const [before, from] = [cpuNs(pid), process.hrtime.bigint()];
  await sleep(WINDOW_MS);
  return (1e3 * Number(cpuNs(pid) - before)) / Number(process.hrtime.bigint() - from);
}

/** CPU time of all threads that live, to the nanosecond (Documentation/scheduler/sched-stats.rst). */
function cpuNs(pid) {
  return readdirSync(`/proc/${pid}/task`)
    .map((tid) => BigInt(readFileSync(`/proc/${pid}/task/${tid}/schedstat`, 'latin1').split(' ')[0]))
    .reduce((sum, ns) => sum + ns, 0n);
}

const childrenOf = (pid) => readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').split(' ').slice(0, -1);

const show = (milliseconds) => `${median(milliseconds).toFixed(1)} ms/s`;
