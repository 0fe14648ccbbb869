import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli, onlyEpisode, readJson, readRows, temporaryFolder } from '../support/cli.js';
import { TOLERANT_FLAGS } from '../support/tolerant.js';

const start = (output: string, ...args: string[]) =>
  cli('episode', 'start', ...TOLERANT_FLAGS, '--output', output, ...args);
const observeMe = ['--target-pid', String(process.pid), '--duration', '1s'];

test('an episode of the test itself has every file, listed in the marker with its digest', async () => {
  const output = temporaryFolder();
  const { code, stdout } = await start(output, ...observeMe);
  expect(code).toBe(0);
  const folder = onlyEpisode(output);
  expect(stdout).toContain(folder);
  expect(readdirSync(folder).sort()).toEqual([
    'artifacts',
    'done.marker',
    'events.jsonl',
    'labels.jsonl',
    'meta.json',
    'telemetry',
  ]);
  const marker = readJson(join(folder, 'done.marker'));
  expect(marker).toMatchObject({
    schema_version: 1,
    status: 'complete',
    end_reason: 'duration_over',
    grade: 'ok',
    reasons: [],
    history: [],
  });
  expect(marker.files.map(({ path }: { path: string }) => path)).toEqual([
    'events.jsonl',
    'labels.jsonl',
    'meta.json',
    'telemetry/host_proc.jsonl',
    'telemetry/system.jsonl',
  ]);
  for (const { path, bytes, rows, sha256 } of marker.files) {
    const content = readFileSync(join(folder, path));
    expect(content.length).toBe(bytes);
    expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
    if (path !== 'meta.json') expect(content.toString().split('\n').length - 1).toBe(rows);
  }
});

test('the marker is written after meta.json is final, and says the same', async () => {
  const output = temporaryFolder();
  await start(output, ...observeMe);
  const folder = onlyEpisode(output);
  const [meta, marker] = [readJson(join(folder, 'meta.json')), readJson(join(folder, 'done.marker'))];
  expect(statSync(join(folder, 'done.marker')).mtimeMs).toBeGreaterThanOrEqual(
    statSync(join(folder, 'meta.json')).mtimeMs,
  );
  for (const key of ['id', 'status', 'end_reason', 'grade']) expect(meta[key]).toBe(marker[key]);
  expect(meta.phases).toEqual([
    { name: 'episode', label: 'unlabelled', planned_start_ns: 0, planned_end_ns: 1e9, start_ns: 0, end_ns: 1e9 },
  ]);
});

test('cadence: tick k is sampled at or after k intervals, and each is run or told as missed', async () => {
  const output = temporaryFolder();
  await start(output, '--target-pid', String(process.pid), '--duration', '3s');
  const folder = onlyEpisode(output);
  for (const figures of readJson(join(folder, 'meta.json')).collectors) {
    const rows = readRows(join(folder, 'telemetry', `${figures.source}.jsonl`));
    const ticks: number[] = rows.map(({ tick }) => tick);
    expect(ticks).toEqual([...new Set(ticks)].sort((a, b) => a - b));
    expect(ticks.at(-1)).toBeLessThan(30);
    for (const { tick, t_mono_ns } of rows) {
      expect(t_mono_ns).toBeGreaterThanOrEqual(tick * 1e8);
      expect(t_mono_ns).toBeLessThan((tick + 1) * 1e8);
    }
    const { length } = rows;
    expect(length).toBeGreaterThan(15); // alone it is all of them, which the benchmarks hold
    expect(figures).toMatchObject({ ticks_scheduled: 30, ticks_run: length, rows: length, state: 'ok' });
    expect(figures.ticks_missed).toBe(30 - length);
  }
});

test('the two times of a row differ by the origin, exact to the nanosecond', async () => {
  const output = temporaryFolder();
  await start(output, ...observeMe);
  const folder = onlyEpisode(output);
  const integer = (text: string, key: string) => BigInt(new RegExp(`"${key}":\\s*(-?\\d+)`).exec(text)![1]!);
  const origin = integer(readFileSync(join(folder, 'meta.json'), 'utf8'), 'origin_realtime_ns');
  for (const file of ['events.jsonl', 'labels.jsonl', 'telemetry/host_proc.jsonl', 'telemetry/system.jsonl']) {
    for (const line of readFileSync(join(folder, file), 'utf8').split('\n').slice(0, -1)) {
      expect(integer(line, 't_wall_ns') - integer(line, 't_mono_ns')).toBe(origin);
    }
  }
  // the anchor is the real time: within the second that a test may take to get here
  expect(Math.abs(Number(origin / 1_000_000n) - Date.now())).toBeLessThan(60_000);
});

test('files and folders are not for others', async () => {
  const output = temporaryFolder();
  await start(output, ...observeMe);
  const folder = onlyEpisode(output);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const mode = statSync(join(entry.parentPath, entry.name)).mode & 0o777;
    expect(mode & ~(entry.isDirectory() ? 0o750 : 0o640)).toBe(0);
  }
});

test('--id names the episode, and is never used twice', async () => {
  const output = temporaryFolder();
  const id = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
  const first = await start(output, ...observeMe, '--id', id, '--json');
  expect(JSON.parse(first.stdout)).toMatchObject({ id, path: join(output, id), status: 'complete', grade: 'ok' });
  const before = readFileSync(join(output, id, 'done.marker'));
  const second = await start(output, ...observeMe, '--id', id);
  expect(second.code).toBe(2);
  expect(second.stderr).toContain(`there is an episode ${id}`);
  expect(readFileSync(join(output, id, 'done.marker'))).toEqual(before);
});

test('an id that is no ULID is refused, and nothing is written', async () => {
  const output = temporaryFolder();
  for (const id of [
    '../../escape',
    '/etc',
    '01ARZ3NDEKTSV4RRFFQ69G5FA',
    '81ARZ3NDEKTSV4RRFFQ69G5FAV',
    '01arz3ndektsv4rrffq69g5fav',
  ]) {
    const { code, stderr } = await start(output, ...observeMe, '--id', id);
    expect(code).toBe(2);
    expect(stderr).toContain('is no ULID');
  }
  expect(readdirSync(output)).toEqual([]);
});

test('two episodes at once in one folder are fine', async () => {
  const output = temporaryFolder();
  const outcomes = await Promise.all([start(output, ...observeMe), start(output, ...observeMe)]);
  expect(outcomes.map(({ code }) => code)).toEqual([0, 0]);
  const folders = readdirSync(output).map((name) => join(output, name));
  expect(folders).toHaveLength(2);
  expect((await cli('episode', 'validate', ...folders)).code).toBe(0);
});

test('no row carries the episode id, the phase or the label into a deployable collector', async () => {
  const output = temporaryFolder();
  await start(output, ...observeMe, '--phase', 'hidden:malicious:1s');
  const text = readFileSync(join(onlyEpisode(output), 'telemetry/system.jsonl'), 'utf8');
  expect(text).not.toMatch(/hidden|malicious/);
});
