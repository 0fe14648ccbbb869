import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHistogram } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { EventMerger } from '../../../src/core/collection/event-merger.js';
import type { SampleStamp } from '../../../src/core/collection/frame-reader.js';
import { PolledLoop } from '../../../src/core/collection/polled-loop.js';
import { RowWriter } from '../../../src/core/collection/row-writer.js';
import type { Sampler } from '../../../src/core/collection/sampler.js';
import { SharedState } from '../../../src/core/collection/shared-state.js';
import { LineAppender } from '../../../src/core/files/line-appender.js';
import { compileRowEncoder } from '../../../src/core/rows/row-encoder.js';
import { RowKeys } from '../../../src/core/rows/row-keys.js';
import type { Fields } from '../../../src/index.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const INTERVAL_NS = 20e6;
/** Ticks of 1.5 s: a machine that stands still for one of them leaves enough. */
const LONG = 75;
const WALL_NS = 1_795_458_771_000_250_017n;
const FIELDS: Fields = { value: { type: 'integer', kind: 'gauge', unit: '1', description: 'A value.' } };

interface Sampled {
  /** Without more it was read at that very instant. */
  readonly stamp: Omit<SampleStamp, 'latestNs'> & Partial<SampleStamp>;
  /** Null: nothing this tick. */
  readonly value?: number | null;
}

/** A loop whose sampler answers later, and says when it read; until it is over. */
async function runLoop(ticks: number, sample: (tick: number, originNs: bigint) => Promise<Sampled>) {
  const path = join(temporaryFolder(), 'rows.jsonl');
  const appender = new LineAppender(path);
  onTestFinished(() => appender.close());
  const told: { event: string; fields: Record<string, unknown> }[] = [];
  const events = new EventMerger((event, _, fields) => told.push({ event, fields }));
  const state = new SharedState();
  const originMonoNs = process.hrtime.bigint() + 5_000_000n;
  state.go(originMonoNs, WALL_NS);
  const encode = compileRowEncoder({ fields: FIELDS, source: 'system', availableInDeployment: true, envelope: 'tick' });
  const lateness = createHistogram();
  let stamp: SampleStamp | undefined;
  const sampler: Sampler = {
    sample: async ({ index }) => {
      const sampled = await sample(index, originMonoNs);
      stamp = { latestNs: sampled.stamp.atNs, ...sampled.stamp };
      return sampled.value === null ? null : { value: sampled.value ?? index };
    },
    takeStamp: () => stamp,
  };
  const loop = new PolledLoop({
    sampler,
    state,
    writer: new RowWriter({ appender, encode, state, events, originMonoNs, originWallNs: WALL_NS }),
    events,
    lateness,
    facts: { pageSizeBytes: 4096, clockTicksPerSecond: 100, cpus: 1 },
    originMonoNs,
    intervalNs: INTERVAL_NS,
    lateAfterNs: INTERVAL_NS / 2,
    durationNs: ticks * INTERVAL_NS,
    takeMark: () => undefined,
    keys: new RowKeys(FIELDS),
    nextWake: () => new Promise(() => {}),
    isStamped: true,
    isAborted: () => false,
  });
  await loop.runAsync();
  events.flush(process.hrtime.bigint(), true);
  const rows = readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  const count = (event: string) =>
    told.filter((one) => one.event === event).reduce((sum, { fields }) => sum + Number(fields.count), 0);
  return { rows, told, count, state, lateness, loop };
}

const now = () => process.hrtime.bigint();

test('a row bears the time at which it was read, exactly, and the epoch of that reading', async () => {
  const stamps = new Map<number, bigint>();
  const { rows } = await runLoop(LONG, async (tick, originNs) => {
    const sentNs = now();
    await delay(2);
    const atNs = sentNs + (now() - sentNs) / 2n;
    stamps.set(tick, atNs - originNs);
    return { stamp: { atNs, epoch: tick < 5 ? 0 : 1 } };
  });
  expect(rows.length).toBeGreaterThan(0);
  for (const { tick, t_mono_ns, t_wall_ns, epoch } of rows) {
    expect(t_mono_ns).toBe(Number(stamps.get(tick)));
    expect(t_wall_ns).toBe(Number(WALL_NS + stamps.get(tick)!));
    expect(epoch).toBe(tick < 5 ? 0 : 1);
  }
});

test('a sample that comes a whole interval late is a missed tick, and the figures agree', async () => {
  const { rows, count, state, lateness } = await runLoop(30, async (tick) => {
    const sentNs = now();
    if (tick % 4 === 1) await delay((3 * INTERVAL_NS) / 1e6);
    return { stamp: { atNs: sentNs + (now() - sentNs) / 2n, epoch: 0 } };
  });
  expect(state.get('ticksRun') + state.get('ticksMissed')).toBe(30);
  expect(state.get('ticksMissed')).toBe(count('ticks_missed'));
  expect(state.get('ticksMissed')).toBeGreaterThan(0);
  expect(state.get('rows')).toBe(rows.length);
  expect(rows.length).toBe(state.get('ticksRun'));
  expect(lateness.count).toBe(rows.length);
  for (const { tick, t_mono_ns } of rows) expect(t_mono_ns - tick * INTERVAL_NS).toBeLessThan(INTERVAL_NS);
  expect(rows.some(({ tick }) => tick % 4 === 1)).toBe(false);
});

test('times never decrease, whatever a reader says of when it read', async () => {
  const { rows, state } = await runLoop(20, async (tick) => {
    const wrongBy = [0n, -10_000_000_000n, 5_000_000n, -1n][tick % 4]!;
    return { stamp: { atNs: now() + wrongBy, epoch: 0 } };
  });
  const times = rows.map(({ t_mono_ns }) => t_mono_ns);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(rows.map(({ tick, t_mono_ns }) => t_mono_ns >= tick * INTERVAL_NS)).not.toContain(false);
  expect(rows.length + state.get('invalidRows') + state.get('ticksMissed')).toBe(20);
});

test('a reading that fails costs its tick alone, and is told by its code', async () => {
  const { rows, loop, state, count } = await runLoop(LONG, async (tick) => {
    if (tick % 2 === 1) throw Object.assign(new Error('the agent did not answer'), { code: 'AGENT_TIMEOUT' });
    return { stamp: { atNs: now(), epoch: 0 } };
  });
  expect(rows.every(({ tick }) => tick % 2 === 0)).toBe(true);
  expect(loop.errors.AGENT_TIMEOUT).toBe(state.get('sampleErrors'));
  expect(count('collector_failed')).toBe(state.get('sampleErrors'));
  expect(state.get('ticksRun') + state.get('ticksMissed')).toBe(LONG);
});

test('a reading of nothing writes no row, and is no error', async () => {
  const { rows, state, told } = await runLoop(3, async () => ({ stamp: { atNs: now(), epoch: 0 }, value: null }));
  expect(rows).toEqual([]);
  expect(state.get('sampleErrors')).toBe(0);
  expect(told.filter(({ event }) => event !== 'ticks_missed')).toEqual([]);
});

test('a tick counts as late by the latest time at which it may have been read', async () => {
  const { rows, state } = await runLoop(LONG, async (tick, originNs) => {
    const dueNs = originNs + BigInt(tick * INTERVAL_NS);
    const limitNs = dueNs + BigInt(INTERVAL_NS / 2);
    return { stamp: { atNs: dueNs, latestNs: tick % 2 === 0 ? limitNs : limitNs + 1n, epoch: 0 } };
  });
  expect(rows.length).toBeGreaterThan(0);
  expect(state.get('ticksLate')).toBe(rows.filter(({ tick }) => tick % 2 === 1).length);
});

test('nothing this tick is a look at the source; a throw is none, and no row that was refused', async () => {
  const looks: number[] = [];
  const { state } = await runLoop(LONG, async (tick, originNs) => {
    const stamp = { atNs: originNs + BigInt(tick * INTERVAL_NS), epoch: 0 };
    if (tick % 3 === 1) throw new Error('the card is busy');
    if (looks.length === 4) return { stamp, value: 0.5 };
    looks.push(tick);
    return { stamp, value: null };
  });
  const lastLookNs = state.get('lastLookNs');
  expect(lastLookNs).toBeGreaterThanOrEqual(looks.at(-1)! * INTERVAL_NS);
  expect(lastLookNs).toBeLessThan((looks.at(-1)! + 1) * INTERVAL_NS);
  expect(state.get('invalidRows')).toBeGreaterThan(0);
});
