import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bootBare } from '../lib/bare-qemu.mjs';
import { cis490, missedTicks, recordEpisode } from '../lib/episode.mjs';
import { parseExact } from '../lib/exact-json.mjs';
import { interleave, median, medianRatio } from '../lib/statistics.mjs';

const BAR_BOOT = 1.2;
const BAR_RESTORED = 0.3;
const BAR_CORE = 0.1;
const BAR_P99_MS = 20;
const BAR_READY_MS = 1000;
const WHOLE_SET = ['host_proc', 'host_threads', 'host_net', 'qmp', 'system'];
const BUSY = ['sh', '-c', 'while :; do :; done'];

/** Virtual machines: how long a start takes, what sampling in the guest costs, and whether the whole set keeps its cadence. */
export async function lab({ folder, rounds }) {
  const { folder: image } = JSON.parse(await cis490(['lab', 'build', '--json']));
  const seconds = rounds(20, 6);
  return [
    ...(await starts({ folder, image, rounds: rounds(5, 1) })),
    ...(await sampling({ folder, seconds, rounds: rounds(3, 1), run: undefined, name: 'idle' })),
    ...(await sampling({ folder, seconds, rounds: rounds(3, 1), run: BUSY, name: 'busy' })),
    await wholeSet({ folder, seconds: rounds(60, 5) }),
  ];
}

/** To the agent where QEMU alone is compared with; to the end of all that makes a start ready, but for the settling time, else. */
async function starts({ folder, image, rounds }) {
  const start = (mode) => async () => {
    const { meta } = await recordGuest({
      folder,
      target: { start: mode },
      seconds: 0.2,
      collectors: { host_proc: {} },
    });
    const { to_agent_ns, to_ready_ns } = meta.target.machine.start;
    return { toAgentMs: Number(to_agent_ns) / 1e6, toReadyMs: Number(to_ready_ns) / 1e6 };
  };
  await start('restored')(); // saves the state
  const { bare, cold, restored } = await interleave(rounds, {
    bare: () => bootBare({ folder, image }),
    cold: start('cold'),
    restored: start('restored'),
  });
  const of = (which, started) => started.map(({ [which]: value }) => value);
  const ready = of('toReadyMs', restored);
  return [
    ratioRow('lab, boot to agent against bare QEMU', { ours: of('toAgentMs', cold), baseline: bare, bar: BAR_BOOT }),
    ratioRow('lab, restored start against a cold one', {
      ours: ready,
      baseline: of('toReadyMs', cold),
      bar: BAR_RESTORED,
    }),
    {
      name: 'lab, restored start',
      figure: ms(median(ready)),
      bar: `<= ${BAR_READY_MS} ms`,
      isOk: median(ready) <= BAR_READY_MS,
    },
  ];
}

function ratioRow(name, { ours, baseline, bar }) {
  const ratio = medianRatio(ours, baseline);
  return {
    name,
    figure: ms(median(ours)),
    baseline: ms(median(baseline)),
    ratio,
    bar: `<= ${bar} x`,
    isOk: ratio <= bar,
  };
}

/** `system` in the guest at 10 Hz against the same episode without it. */
async function sampling({ folder, seconds, rounds, run, name }) {
  const record = (collectors) => recordGuest({ folder, target: {}, seconds, run, collectors });
  const { sampled, alone } = await interleave(rounds, {
    sampled: () => record({ host_proc: { interval: '1s' }, system: { interval: '100ms' } }),
    alone: () => record({ host_proc: { interval: '1s' } }),
  });
  const p99 = sampled.map(({ meta }) => figuresOf(meta, 'system').lateness_ns.p99 / 1e6);
  const off = sampled.map(({ meta }) => figuresOf(meta, 'system').time_uncertainty_ns.p99 / 1e6);
  const missed = sampled.reduce((sum, { meta }) => sum + missedTicks(meta), 0);
  // the QEMU of a busy guest takes a whole core anyway: there the guest itself says what the agent took
  const cores = (episode) => recorderCores(episode.meta) + (run === undefined ? qemuCores(episode) : 0);
  const own = (episode) => cores(episode) + (run === undefined ? 0 : agentCores(episode));
  const share = median(sampled.map((episode, i) => own(episode) - cores(alone[i])));
  const what = `lab, system at 10 Hz in a guest, ${name}`;
  return [
    {
      name: `${what}, p99 lateness`,
      figure: `${median(p99).toFixed(1)} ms (+- ${median(off).toFixed(1)})`,
      bar: `<= ${BAR_P99_MS} ms`,
      isOk: median(p99) <= BAR_P99_MS,
    },
    {
      name: `${what}, missed in ${rounds} x ${seconds} s`,
      figure: `${missed}`,
      bar: '<= 0',
      isOk: missed === 0,
    },
    {
      name: `${what}, of a core`,
      figure: share.toFixed(3),
      baseline: `without it ${median(alone.map(cores)).toFixed(3)}`,
      bar: `<= ${BAR_CORE}`,
      isOk: share <= BAR_CORE,
    },
  ];
}

/** With a network of its own where that can be had: there host_net has a tap to look at. */
async function wholeSet({ folder, seconds }) {
  const collectors = Object.fromEntries(WHOLE_SET.map((name) => [name, { interval: '100ms' }]));
  const network = process.getuid() === 0 ? 'isolated' : 'none';
  const target = { scratch: '64MiB', network };
  const missed = missedTicks((await recordGuest({ folder, target, seconds, collectors })).meta);
  return {
    name: `lab, ${WHOLE_SET.length} collectors at 10 Hz for ${seconds} s, network ${network}, missed`,
    figure: `${missed}`,
    bar: '<= 0',
    isOk: missed === 0,
  };
}

/** Without a settling time: what is measured is the start, not the wait. */
function recordGuest({ folder, target, seconds, run, collectors }) {
  const config = join(folder, 'lab.json');
  const phase = { name: 'only', label: 'unlabelled', duration: `${seconds}s`, ...(run && { run }) };
  const document = { target: { type: 'qemu', accel: 'tcg', settle: '0s', ...target }, phases: [phase], collectors };
  writeFileSync(config, JSON.stringify(document));
  return recordEpisode({ folder, args: ['--config', config] });
}

const figuresOf = ({ collectors }, name) => collectors.find(({ source }) => source === name);

/** Of the whole run; what starting took is in the episode that it is compared with too. */
function recorderCores({ recorder, duration_ns }) {
  return (recorder.cpu_user_us + recorder.cpu_system_us) / (Number(duration_ns) / 1e3);
}

/** What QEMU took while it was observed, from the rows of host_proc. */
function qemuCores({ path, meta }) {
  const columns = ['cpu_user_jiffies', 'cpu_sys_jiffies'];
  return coresBy(columns, rowsOf(path, 'host_proc'), meta.vantages.local.clock_ticks_per_second);
}

/** What the agent took in the guest, from the rows of system. */
function agentCores({ path, meta }) {
  return coresBy(['observer_cpu_jiffies'], rowsOf(path, 'system'), meta.vantages.guest.clock_ticks_per_second);
}

function coresBy(columns, rows, ticksPerSecond) {
  const [first, last] = [rows[0], rows.at(-1)];
  const jiffies = columns.reduce((sum, key) => sum + last[key] - first[key], 0);
  return jiffies / ticksPerSecond / (Number(last.t_mono_ns - first.t_mono_ns) / 1e9);
}

const rowsOf = (path, source) =>
  readFileSync(join(path, `telemetry/${source}.jsonl`), 'utf8')
    .trim()
    .split('\n')
    .map(parseExact);

const ms = (value) => `${value.toFixed(0)} ms`;
