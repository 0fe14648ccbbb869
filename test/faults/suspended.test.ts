import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import {
  cli,
  idleProcess,
  type Outcome,
  onlyEpisode,
  plugin,
  readJson,
  readRows,
  startCli,
  temporaryFolder,
  until,
} from '../support/cli.js';
import { tell } from './support/random.js';

const PAUSE_MS = 2_000;
/** Less by the time until it has really stopped. */
const GAP_NS = 1.9e9;
const SETTLE_NS = 20_000_000n;
/** Far longer than it takes to see the first rows and to stop it, on a busy machine too. */
const CALM_MS = 5_000;
const CALM_NS = CALM_MS * 1e6;
const POLLED = ['host_proc', 'system', 'async_poll'];
const STREAM = 'heartbeat';

interface Suspended extends Outcome {
  readonly folder: string;
  // biome-ignore lint/suspicious/noExplicitAny: a document
  readonly meta: any;
  /** When it was surely stopped, in nanoseconds since the origin. */
  readonly from: number;
  readonly to: number;
}

/** Stops the recorder, with all its threads, for two seconds: as soon as there are some rows, or so long after its first phase began. */
async function recordSuspended(phases: readonly object[], afterMs = 0): Promise<Suspended> {
  const [output, folder] = [temporaryFolder(), temporaryFolder()];
  const collectors = Object.fromEntries([...POLLED, STREAM].map((source) => [source, { interval: '20ms' }]));
  const target = { type: 'pid', pid: idleProcess().pid };
  const config = join(folder, 'c.json');
  writeFileSync(config, JSON.stringify({ target, plugins: [plugin('kinds.mjs')], collectors, phases }));
  const { child, saw, outcome } = startCli(['episode', 'start', '--config', config, '--output', output]);
  await saw(/phase_started/);
  const began = performance.now();
  const episode = onlyEpisode(output);
  await until(() => readRows(join(episode, 'telemetry/heartbeat.jsonl')).length > 3);
  await delay(Math.max(0, afterMs - (performance.now() - began)));
  child.kill('SIGSTOP');
  await until(() => /^State:\s+T/m.test(readFileSync(`/proc/${child.pid}/status`, 'utf8')));
  // a thread may still finish what it was about when the first one is shown as stopped
  const stoppedAt = process.hrtime.bigint() + SETTLE_NS;
  await delay(PAUSE_MS);
  const continuedAt = process.hrtime.bigint();
  child.kill('SIGCONT');
  const ended = await outcome;
  const meta = readJson(join(episode, 'meta.json'));
  const since = (at: bigint) => Number(at - BigInt(meta.clocks.origin_monotonic_ns));
  expect((await cli('episode', 'validate', episode)).stdout).toContain(': valid');
  return { ...ended, folder: episode, meta, from: since(stoppedAt), to: since(continuedAt) };
}

/** The same over that stretch. A busy machine may be too late to stop it: then once more. */
async function recordSuspendedOver(fromNs: number, toNs: number, phases: readonly object[]): Promise<Suspended> {
  for (let attempt = 0; attempt < 5; attempt++) {
    const suspended = await recordSuspended(phases, fromNs / 1e6 - PAUSE_MS / 2);
    if (suspended.from < fromNs && toNs < suspended.to) return suspended;
  }
  throw new Error('it could not be stopped in time');
}

const phase = (name: string, label: string, duration: string) => ({ name, label, duration });
const timesOf = ({ folder }: Suspended, file: string): number[] =>
  readRows(join(folder, file)).map(({ t_mono_ns }) => t_mono_ns);

test('a recorder that is suspended for 2 s: the gap is there, it is told, and no collector is blamed', async () => {
  const suspended = await recordSuspended([phase('all', 'benign', '8s')]);
  const { meta, folder, from, to, code, stderr } = suspended;
  expect(code, stderr).toBe(3);
  const events = readRows(join(folder, 'events.jsonl'));
  expect(events.filter(({ event }) => event === 'collector_abandoned' || event === 'collector_failed')).toEqual([]);
  for (const figures of meta.collectors) {
    const { source } = figures;
    const times = timesOf(suspended, `telemetry/${source}.jsonl`);
    expect(
      times.filter((time) => time > from && time < to),
      `${source} has rows of the time without it`,
    ).toEqual([]);
    expect(figures).toMatchObject({ state: 'ok', sample_errors: 0 });
    expect(figures.longest_gap_ns).toBeGreaterThan(GAP_NS);
    if (source === STREAM) continue;
    const missed = events.filter((each) => each.event === 'ticks_missed' && each.source === source);
    const count = missed.reduce((sum, each) => sum + each.count, 0);
    expect(count).toBeGreaterThan(GAP_NS / 20e6 - 1);
    expect(figures.ticks_missed).toBe(count);
    expect(meta.grade_reasons).toContainEqual(expect.stringContaining(`${source} missed ${count} of 400 ticks`));
  }
  expect(meta.grade).not.toBe('ok');
  const gaps = meta.collectors.map(
    (each: { longest_gap_ns: number }) => `${(each.longest_gap_ns / 1e6).toFixed(0)} ms`,
  );
  tell(`suspended for ${PAUSE_MS} ms: gaps of ${gaps.join(', ')}, grade ${meta.grade}`);
});

test('suspended while a phase should have begun: its label begins when it did, and says how far that is from the plan', async () => {
  const phases = [phase('calm', 'benign', `${CALM_MS}ms`), phase('busy', 'malicious', '4s')];
  const { folder, to, meta } = await recordSuspendedOver(CALM_NS, CALM_NS, phases);
  const labels = readRows(join(folder, 'labels.jsonl'));
  expect(labels.map(({ label }) => label)).toEqual(['benign', 'malicious']);
  expect(labels[1].t_mono_ns).toBeGreaterThanOrEqual(to);
  expect(labels[1].uncertainty_ns).toBe(labels[1].t_mono_ns - CALM_NS);
  expect(meta.grade_reasons.join()).toMatch(/busy/);
  tell(`suspended over the beginning of a phase: it began ${(labels[1].uncertainty_ns / 1e6).toFixed(0)} ms late`);
});

test('suspended over its end: it ends where it was to end, and what was not observed is not made up', async () => {
  const phases = [phase('calm', 'benign', `${CALM_MS}ms`), phase('busy', 'malicious', '200ms')];
  const end = CALM_NS + 200e6;
  const suspended = await recordSuspendedOver(CALM_NS, end, phases);
  const { folder, meta, from } = suspended;
  expect(meta).toMatchObject({ end_reason: 'duration_over', end_ns: end, grade: 'degraded' });
  expect(readRows(join(folder, 'labels.jsonl')).map(({ label }) => label)).toEqual(['benign']);
  expect(meta.grade_reasons).toContainEqual(expect.stringContaining('phases never reached: busy'));
  for (const { source } of meta.collectors)
    expect(timesOf(suspended, `telemetry/${source}.jsonl`).filter((time) => time > from && time < end)).toEqual([]);
  tell(`suspended over its end: ${meta.grade_reasons.length} reasons, among them a phase never reached`);
});
