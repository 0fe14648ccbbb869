import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli, onlyEpisode, plugin, readJson, readRows, temporaryFolder } from '../support/cli.js';
import { TOLERANT } from '../support/tolerant.js';

async function record(
  collectors: object,
  { file = 'misbehaving.mjs', duration = '1s', grade = TOLERANT as object } = {},
) {
  const [output, folder] = [temporaryFolder(), temporaryFolder()];
  const config = join(folder, '.cis490rc');
  writeFileSync(
    config,
    JSON.stringify({ target: { type: 'pid', pid: process.pid }, duration, plugins: [plugin(file)], collectors, grade }),
  );
  const outcome = await cli('episode', 'start', '--config', config, '--output', output);
  return { ...outcome, output };
}

/**
 * An episode that was finished although a collector misbehaved: the others are whole, and it says so.
 * Its events are those of its fault: a busy machine takes a tick from anybody now and then, and that is told too.
 */
async function finished(name: string, settings: object, duration = '2s', grade: object = TOLERANT) {
  const { code, output, stderr } = await record({ [name]: settings, host_proc: {} }, { duration, grade });
  const folder = onlyEpisode(output);
  expect((await cli('episode', 'validate', folder)).stdout).toMatch(/: valid/);
  const meta = readJson(join(folder, 'meta.json'));
  const [figures, host] = meta.collectors;
  expect(host).toMatchObject({ source: 'host_proc', state: 'ok', rows: host.ticks_run });
  expect(host.ticks_run).toBeGreaterThan(host.ticks_scheduled / 4);
  expect(readRows(join(folder, 'telemetry/host_proc.jsonl')).at(-1).tick).toBeGreaterThan(host.ticks_scheduled / 2);
  expect(code, stderr).toBe(3);
  const marker = readJson(join(folder, 'done.marker'));
  expect(marker.reasons.join()).toContain(name);
  return {
    folder,
    figures,
    grade: marker.grade,
    events: readRows(join(folder, 'events.jsonl')).filter(
      ({ source, event }) => source === name && event !== 'ticks_missed',
    ),
  };
}

test('one collector of each kind, from a file, records beside ours', async () => {
  const { code, output } = await record(
    {
      uptime_file: {},
      two_cards: { options: { cards: 3 } },
      async_poll: { interval: '50ms' },
      heartbeat: {},
      quiet_stream: {},
      lab_host: { use: 'system' },
    },
    { file: 'kinds.mjs' },
  );
  expect(code).toBe(0);
  const folder = onlyEpisode(output);
  expect((await cli('episode', 'validate', folder)).stdout).toMatch(/: valid/);
  const rows = (source: string) => readRows(join(folder, 'telemetry', `${source}.jsonl`));
  const { collectors } = readJson(join(folder, 'meta.json'));
  const ticks = (name: string): number =>
    collectors.find(({ source }: { source: string }) => source === name).ticks_run;
  expect(rows('uptime_file')).toHaveLength(ticks('uptime_file'));
  expect(rows('uptime_file')[0]).toMatchObject({ source: 'uptime_file', available_in_deployment: true, epoch: 0 });
  expect(rows('two_cards')).toHaveLength(3 * ticks('two_cards'));
  expect(readFileSync(join(folder, 'telemetry/two_cards.jsonl'), 'utf8')).toContain('"huge":18446744073709551615}');
  const polled: number[] = rows('async_poll').map(({ tick }) => tick);
  expect(polled).toEqual([...new Set(polled)].sort((a, b) => a - b).filter((k) => k % 5 !== 4 && k < 20));
  expect(polled.length).toBeGreaterThan(5);
  expect(rows('heartbeat').map(({ seq }) => seq)).toEqual(rows('heartbeat').map((_, i) => i));
  expect(rows('heartbeat').length).toBeGreaterThan(20);
  expect(readFileSync(join(folder, 'telemetry/heartbeat.jsonl'), 'utf8')).not.toContain('\u001b');
  expect(rows('quiet_stream')).toEqual([]);
  expect(rows('lab_host')[0].source).toBe('lab_host');
  expect(readFileSync(join(folder, 'artifacts/two_cards.notes.txt'), 'utf8')).toBe('a note\n');
  expect(readFileSync(join(folder, 'artifacts/two_cards.log'), 'utf8')).toBe('started\n');
});

test.each([
  ['throws_in_create', 'no create today'],
  ['throws_in_start', 'no start today'],
  ['unavailable', 'no such hardware'],
  ['throws_in_probe', 'no probe today'],
  ['never_probes', 'did not finish its probe'],
  ['never_starts', 'no answer within 10 s'],
])('%s: the episode does not begin, and nothing is left', async (name, why) => {
  const { code, stderr, output } = await record({ [name]: {}, host_proc: {} });
  expect(code).toBe(4);
  expect(stderr).toContain(name);
  expect(stderr).toContain(why);
  expect(readdirSync(output)).toEqual([]);
});

test('an optional collector that can not run is recorded as absent', async () => {
  const { code, output } = await record({
    unavailable: { optional: true },
    throws_in_start: { optional: true },
    host_proc: {},
  });
  expect(code).toBe(3);
  const folder = onlyEpisode(output);
  const absent = readRows(join(folder, 'events.jsonl')).filter(({ event }) => event === 'collector_absent');
  expect(absent.map(({ source }) => source)).toEqual(['unavailable', 'throws_in_start']);
  expect((await cli('episode', 'validate', folder)).stdout).toMatch(/: valid/);
});

test('throws in each sample: counted by code, told once a second, invalid for want of rows', async () => {
  const { figures, grade, events } = await finished('throws_in_sample', {});
  expect(grade).toBe('invalid');
  const { ticks_run } = figures;
  expect(ticks_run).toBeGreaterThan(4);
  expect(figures).toMatchObject({ errors: { ENOTTODAY: ticks_run }, sample_errors: ticks_run, rows: 0 });
  expect(
    events.every(
      ({ event, code, reason }) => event === 'collector_failed' && code === 'ENOTTODAY' && reason === 'no sample today',
    ),
  ).toBe(true);
  expect(events.reduce((sum, { count }) => sum + count, 0)).toBe(ticks_run);
  expect(events.length).toBeLessThanOrEqual(4);
});

test('an invalid row never reaches the file: it becomes an event that names the key', async () => {
  const { folder, figures, grade, events } = await finished('returns_nonsense', {});
  expect(grade).toBe('degraded');
  const values = readRows(join(folder, 'telemetry/returns_nonsense.jsonl')).map(({ value }) => value);
  expect(values.filter((value) => value % 2 === 0)).toEqual(values);
  expect(figures).toMatchObject({ rows: values.length, rows_invalid: figures.ticks_run - values.length });
  expect(events[0]).toMatchObject({ event: 'rows_invalid', reason: 'value: an integer, not "many"' });
});

test.each([
  ['exits', 'collector_failed', 'exit code 7'],
  ['gives_up', 'collector_failed', 'the card is gone'],
])('%s: it ends, the rest goes on', async (name, event, why) => {
  const { events, figures } = await finished(name, {});
  expect(events[0]).toMatchObject({ event, version: '1.0.0', fatal: true });
  expect(events[0].reason).toContain(why);
  expect(figures).toMatchObject({ state: 'failed', rows: 3, ticks_scheduled: 20 });
});

test.each(['spins', 'never_answers'])('%s: it is abandoned, the rest goes on', async (name) => {
  const { events, figures } = await finished(name, {}, '3s');
  expect(events).toMatchObject([{ event: 'collector_abandoned', version: '1.0.0' }]);
  expect(figures).toMatchObject({ state: 'abandoned', ticks_scheduled: 30 });
});

test.each([
  ['throws_in_stop', 'no stop today'],
  ['leaks_timers', 'after stop it still has open: 50 Timeout'],
  ['leaks_a_worker', 'after stop it still has open: 1 Worker'],
])('%s: every row is there, and its fault is told', async (name, why) => {
  const { events, figures } = await finished(name, {});
  expect(events).toMatchObject([{ event: 'collector_failed', version: '1.0.0', stage: 'stop' }]);
  expect(events[0].reason).toContain(why);
  expect(figures).toMatchObject({ state: 'failed', rows: figures.ticks_run });
});

test('never_stops: it is abandoned, its rows are there', async () => {
  const { events, figures } = await finished('never_stops', {});
  expect(events).toMatchObject([{ event: 'collector_abandoned', version: '1.0.0', reason: 'it did not stop' }]);
  expect(figures).toMatchObject({ state: 'abandoned', rows: figures.ticks_run });
});

test('hoards: it ends at its heap limit, the rest goes on', async () => {
  // how long a tick may take before it is abandoned depends on the interval
  const { events, figures } = await finished('hoards', { interval: '500ms' }, '10s');
  expect(events.at(-1)).toMatchObject({
    event: 'collector_failed',
    version: '1.0.0',
    code: 'ERR_WORKER_OUT_OF_MEMORY',
  });
  expect(figures).toMatchObject({ state: 'failed', rows: 3 });
});

test.each([
  ['repeats_keys', 2, 'two rows of this tick have value 1'],
  ['has_no_key', 1, 'several rows of one tick need a field with "key: true", which tells them apart'],
])('%s: rows of a tick that nobody can tell apart are invalid', async (name, rowsPerTick, reason) => {
  const { figures, events } = await finished(name, {});
  const { ticks_run } = figures;
  expect(figures).toMatchObject({ rows: rowsPerTick * ticks_run, rows_invalid: ticks_run });
  expect(events[0]).toMatchObject({ event: 'rows_invalid', code: 'key', reason });
});

test('strange values: not one of them reaches the file', async () => {
  const { figures, events, grade } = await finished('strange_values', {}, '3s');
  expect(grade).toBe('degraded');
  expect(figures).toMatchObject({ rows_invalid: 14, rows: figures.ticks_run - 14, sample_errors: 0 });
  const codes = new Set(events.map(({ code }) => code));
  expect([...codes].sort()).toEqual(['more', 'ratio', 'row', 'value']);
});

test('blocked in a system call: abandoned, and the exit code is still the right one', async () => {
  const fifo = join(temporaryFolder(), 'fifo');
  execFileSync('mkfifo', [fifo]);
  const { events } = await finished('blocks', { options: { path: fifo } }, '3s');
  expect(events).toMatchObject([{ event: 'collector_abandoned' }]);
});

test('an overrun skips ticks, counts them, and never makes up for them', async () => {
  const { folder, figures } = await finished('is_slow', {}, '2s', {});
  const ticks = readRows(join(folder, 'telemetry/is_slow.jsonl')).map(({ tick }) => tick);
  expect(figures.ticks_run + figures.ticks_missed).toBe(20);
  expect(figures.ticks_run).toBe(ticks.length);
  expect(figures.ticks_missed).toBeGreaterThan(1);
  const missed = readRows(join(folder, 'events.jsonl')).filter(
    ({ source, event }) => source === 'is_slow' && event === 'ticks_missed',
  );
  expect(missed.reduce((sum, { count }) => sum + count, 0)).toBe(figures.ticks_missed);
  expect(new Set(ticks).size).toBe(ticks.length);
});

test('a flood costs its own rows, and they are counted as lost', async () => {
  const { figures, events } = await finished('floods', {}, '3s');
  expect(figures.rows_lost).toBeGreaterThan(0);
  expect(events.filter(({ event }) => event === 'rows_lost').reduce((sum, { count }) => sum + count, 0)).toBe(
    figures.rows_lost,
  );
});

test('a plugin that exits, throws or spins on import harms nobody', async () => {
  const folder = temporaryFolder();
  for (const [code, why] of [
    ['process.exit(3)', 'exit code 3'],
    ['throw new Error("not today")', 'not today'],
  ] as const) {
    const file = join(folder, 'bad.mjs');
    writeFileSync(file, code);
    const config = join(folder, '.cis490rc');
    writeFileSync(
      config,
      JSON.stringify({
        target: { type: 'pid', pid: process.pid },
        plugins: ['./bad.mjs'],
        collectors: { host_proc: {} },
      }),
    );
    const { code: exitCode, stderr } = await cli(
      'episode',
      'start',
      '--config',
      config,
      '--output',
      join(folder, 'out'),
    );
    expect(exitCode).toBe(4);
    expect(stderr).toContain('./bad.mjs');
    expect(stderr).toContain(why);
    expect(existsSync(join(folder, 'out'))).toBe(false);
  }
});

test.each([
  ['throws', 'throw new Error("not today")', 'not today'],
  ['exits', 'process.exit(3)', 'exit code 3'],
  ['spins', 'for (;;);', 'no answer within 10 s'],
  ['is another', 'export default { name: "other" }', 'no valid collector'],
])('an optional collector whose plugin %s on import is absent, and the rest records', async (_what, code, why) => {
  const folder = temporaryFolder();
  const own = join(folder, 'node_modules/broken');
  mkdirSync(own, { recursive: true });
  const cis490 = { apiVersion: 1, collectors: ['card'], plugin: './index.mjs' };
  writeFileSync(join(own, 'package.json'), JSON.stringify({ name: 'broken', cis490 }));
  writeFileSync(join(own, 'index.mjs'), code);
  const config = join(folder, '.cis490rc');
  const target = { type: 'pid', pid: process.pid };
  const collectors = { card: { optional: true }, host_proc: {} };
  writeFileSync(config, JSON.stringify({ target, duration: '1s', plugins: ['broken'], collectors }));
  const { code: exit, stderr } = await cli('episode', 'start', '--config', config, '--output', join(folder, 'out'));
  expect(exit, stderr).toBe(3);
  const episode = onlyEpisode(join(folder, 'out'));
  const { collectors: figures } = readJson(join(episode, 'meta.json'));
  expect(figures[0]).toMatchObject({ source: 'card', state: 'absent', kind: null, plugin: { version: null } });
  expect(figures[0].state_reason).toContain(why);
  expect(figures[1]).toMatchObject({ source: 'host_proc', rows: figures[1].ticks_run });
  expect((await cli('episode', 'validate', episode)).stdout).toMatch(/: valid/);
  expect((await cli('episode', 'show', episode)).code).toBe(0);
});

test('a plugin that breaks the contract is told all that is wrong with it', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'bad.mjs'), 'export default { name: "Bad", kind: "polled", apiVersion: 2, fields: {} };');
  const config = join(folder, '.cis490rc');
  writeFileSync(config, JSON.stringify({ target: { type: 'pid', pid: process.pid }, plugins: ['./bad.mjs'] }));
  const { code, stderr } = await cli('episode', 'start', '--config', config, '--output', join(folder, 'out'));
  expect(code).toBe(4);
  for (const word of ['apiVersion is 2', 'name is "Bad"', 'availableInDeployment', 'fields must', 'create must'])
    expect(stderr).toContain(word);
});
