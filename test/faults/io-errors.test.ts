import { cpSync, existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { idleProcess, type Outcome, onlyEpisode, readJson, startCli, temporaryFolder } from '../support/cli.js';
import { counts, inParallel, upTo } from './support/in-parallel.js';
import { episodesIn, expectNoStack, expectValid, settle } from './support/judge.js';
import { pick, tell } from './support/random.js';
import { type Call, type Fault, type Shim, withFault } from './support/shim.js';
import { harm, smallEpisode } from './support/small-episode.js';

const CALLS: readonly Call[] = ['create', 'write', 'fsync', 'fdatasync', 'truncate', 'mkdir', 'rename'];
const AT_ONCE = 2;
/** Of the calls of an episode: a busy machine misses ticks, and so makes fewer. */
const SURELY_MADE = 0.5;
const HOWS = ['EIO', 'ENOSPC', 'EROFS'] as const;

interface Faulty extends Outcome {
  readonly output: string;
  readonly hits: readonly string[];
}

/** A second at 20 ms, on a disk with this fault. */
async function recordWith(fault: Omit<Fault, 'below'>, duration = '1s'): Promise<Faulty> {
  const output = join(temporaryFolder(), 'out');
  const shim: Shim = withFault({ ...fault, below: output });
  const target = ['--target-pid', String(idleProcess().pid)];
  const args = ['episode', 'start', ...target, '--interval', '20ms', '--duration', duration, '--output', output];
  const outcome = await startCli(args, { env: shim.env }).outcome;
  return { ...outcome, output, hits: shim.hits() };
}

/** What is there is either nothing, or whole, or can be recovered; what it printed is what it did. */
async function fatesOf(all: readonly Faulty[]): Promise<string[]> {
  const words = all.map(wordOf);
  const folders = all.flatMap(({ output }) => episodesIn(output));
  const fates = new Map((await settle(folders)).map((fate, index) => [folders[index]!, fate]));
  return all.map(({ output }, index) => {
    const folder = episodesIn(output)[0];
    return words[index] === 'failed' ? `failed, then ${fates.get(folder!)}` : words[index]!;
  });
}

function wordOf({ code, output, stdout, stderr }: Faulty): 'not begun' | 'failed' | 'whole' {
  expectNoStack({ stdout, stderr });
  if (code === 1 || code === 4) expect(stderr).toMatch(/Error: .*(EIO|ENOSPC|EROFS)/);
  else expect([0, 3], stderr).toContain(code);
  if (code === 4) {
    expect(existsSync(output) ? readdirSync(output) : [], stderr).toEqual([]);
    return 'not begun';
  }
  expect(existsSync(join(onlyEpisode(output), 'done.marker')), `exit ${code}: ${stderr}`).toBe(code !== 1);
  return code === 1 ? 'failed' : 'whole';
}

let whole: Promise<Faulty> | undefined;
/** The calls of an episode that meets no fault. */
const wholeRun = () => (whole ??= recordWith({ calls: CALLS, how: 'count' }));

test('the library takes effect: what it counts is what is in the folder', async () => {
  const { hits, code, stderr, output } = await wholeRun();
  expect([0, 3], stderr).toContain(code);
  const folder = onlyEpisode(output);
  const rowsOf = (name: string) => hits.filter((hit) => hit === `write ${join(folder, name)}`).length;
  const { collectors } = readJson(join(folder, 'meta.json'));
  for (const { source, rows } of collectors) expect(rowsOf(`telemetry/${source}.jsonl`)).toBe(rows);
  expect(hits.at(-2)).toBe(`rename ${join(folder, 'done.marker')}`);
  expect(hits.at(-1)).toBe(`fsync ${folder}`);
  const kinds = counts(hits.map((hit) => hit.split(' ')[0]!));
  tell(`an episode makes ${hits.length} calls that change its folder: ${kinds}`);
});

test('the names of folders and files are on the disk long before the marker is', async () => {
  const base = temporaryFolder();
  const output = join(base, 'a/b');
  const counting = withFault({ below: base, calls: CALLS, how: 'count' });
  const args = ['episode', 'start', '--output', output, '--duration', '200ms', '--', 'sleep', '9'];
  const { code, stderr } = await startCli(args, { env: counting.env }).outcome;
  expect([0, 3], stderr).toContain(code);
  const [hits, folder] = [counting.hits(), onlyEpisode(output)];
  expect(hits.slice(0, 4)).toEqual([`mkdir ${base}/a`, `fsync ${base}`, `mkdir ${output}`, `fsync ${base}/a`]);
  const created = hits.lastIndexOf(`create ${join(folder, 'labels.jsonl')}`);
  const sealed = hits.findLastIndex((hit) => hit.endsWith('/meta.json.tmp')); // with the figures of the end
  for (const name of ['', 'telemetry', 'artifacts']) {
    const flushed = hits.indexOf(`fdatasync ${join(folder, name)}`.replace(/\/$/, ''));
    expect(flushed, name).toBeGreaterThan(created);
    expect(flushed, name).toBeLessThan(sealed);
  }
});

test('every write takes half of what it is given: the episode is whole all the same', async () => {
  const faulty = await recordWith({ calls: ['write'], how: 'short' });
  expect(await fatesOf([faulty])).toEqual(['whole']);
  tell(`short writes: ${faulty.hits.length} of them, and the episode is whole`);
});

test('each call that makes, names or flushes something fails once: a sentence, no marker, and it can be recovered', async () => {
  const calls: readonly Call[] = ['create', 'fsync', 'mkdir', 'rename'];
  const all = (await wholeRun()).hits
    .filter((hit) => calls.some((call) => hit.startsWith(`${call} `)))
    .map((_, index) => index + 1);
  const faulty = await inParallel(AT_ONCE, all, async (from) => {
    const how = HOWS[pick(`error ${from}`, 0, HOWS.length - 1)]!;
    return recordWith({ calls, how, from, times: 1 });
  });
  expect(faulty.map(({ hits }) => hits.length)).toEqual(all.map(() => 1));
  tell(`each of ${all.length} calls fails once: ${counts(await fatesOf(faulty))}`);
});

test('30 random calls after which all fail: the same', async () => {
  const last = (await wholeRun()).hits.length;
  const faulty = await inParallel(AT_ONCE, upTo(30), async (number) => {
    const from = pick(`fault ${number}`, 1, Math.floor(last * SURELY_MADE));
    const how = HOWS[pick(`kind ${number}`, 0, HOWS.length - 1)]!;
    return recordWith({ calls: CALLS, how, from });
  });
  expect(faulty.filter(({ hits }) => hits.length === 0)).toEqual([]);
  tell(`30 times all calls fail from a random one on: ${counts(await fatesOf(faulty))}`);
});

test.each(['telemetry/system.jsonl', 'events.jsonl', 'labels.jsonl'])(
  'half a line in %s, and nothing can mend it: recovery does',
  async (name) => {
    const faulty = await recordWith({
      calls: ['write', 'truncate'],
      name,
      how: 'torn',
      from: name === 'labels.jsonl' ? 1 : 3,
    });
    expect(faulty.hits.length).toBeGreaterThanOrEqual(2); // the write, and the cut that would have mended it
    expect(await fatesOf([faulty])).toEqual(['failed, then recovered with a loss']);
  },
);

/** Of a write of a collector's thread, a few after its first. */
const STALL = { calls: ['write'], name: 'telemetry/system.jsonl', how: 'stall', from: 3, times: 1 } as const;

test('a disk that stalls for seconds costs the ticks of that time, and no collector', async () => {
  const { output, code, stderr } = await recordWith(STALL, '6s');
  expect(code, stderr).toBe(3);
  const folder = onlyEpisode(output);
  const { collectors } = readJson(join(folder, 'meta.json'));
  const [figures] = collectors.filter(({ source }: { source: string }) => source === 'system');
  expect(figures).toMatchObject({ state: 'ok', rows: figures.ticks_run });
  expect(figures.longest_gap_ns).toBeGreaterThan(2.5e9);
  await expectValid([folder]);
});

test('a collector that is given up while its disk stalls has the rows that came to be written all the same', async () => {
  const { output, code, stderr } = await recordWith(STALL, '300ms');
  expect(code, stderr).toBe(3);
  const folder = onlyEpisode(output);
  const { collectors } = readJson(join(folder, 'meta.json'));
  // given up, it is terminated within its write; where the recorder was late to do so, it had ended by itself
  expect(collectors).toContainEqual(expect.objectContaining({ source: 'system', rows: 3 }));
  await expectValid([folder]);
});

test('a flush to the disk that fails while it records ends the episode: the kernel tells of it but once', async () => {
  const faulty = await recordWith({ calls: ['fdatasync'], how: 'EIO', times: 1 }, '5500ms');
  expect(faulty.hits).toHaveLength(1);
  expect(await fatesOf([faulty])).toEqual(['failed, then recovered']);
});

test('a single write that fails, of any file at any moment: a sentence, no marker, and it can be recovered', async () => {
  const writes = (await wholeRun()).hits.filter((hit) => hit.startsWith('write ')).length;
  const faulty = await inParallel(AT_ONCE, upTo(20), async (number) => {
    const from = pick(`write ${number}`, 1, Math.floor(writes * SURELY_MADE));
    return recordWith({ calls: ['write'], how: HOWS[number % HOWS.length]!, from, times: 1 });
  });
  expect(faulty.map(({ hits }) => hits.length)).toEqual(upTo(20).map(() => 1));
  tell(`20 times a single write fails: ${counts(await fatesOf(faulty))}`);
});

const LABEL = ['--revises', '0', '--label', 'unknown', '--why', 'a test', '--by', 'nobody'];
const READERS = {
  validate: { args: ['validate'], prepare() {}, done: 0 },
  recover: { args: ['recover'], prepare: harm, done: 3 },
  label: { args: ['label', ...LABEL], prepare() {}, done: 0 },
} as const;

/** A command on a copy of an episode, on a disk with this fault. */
async function readWith(command: keyof typeof READERS, fault: Omit<Fault, 'below'>) {
  const original = await smallEpisode();
  const folder = join(temporaryFolder(), basename(original));
  cpSync(original, folder, { recursive: true });
  const { args, prepare } = READERS[command];
  prepare(folder);
  const shim = withFault({ ...fault, below: folder });
  const [verb, ...flags] = args;
  const outcome = await startCli(['episode', verb!, folder, ...flags], { env: shim.env }).outcome;
  return { outcome, folder, hits: shim.hits() };
}

const COMMANDS = Object.keys(READERS) as (keyof typeof READERS)[];

test.each(COMMANDS)('each read of "%s" gives half of what it is asked for: it does what it does', async (command) => {
  const { outcome, hits } = await readWith(command, { calls: ['read'], how: 'short' });
  expect(outcome.code, outcome.stderr).toBe(READERS[command].done);
  expect(hits.length).toBeGreaterThan(4);
});

test.each(COMMANDS)('a read of "%s" that fails: a sentence, and nothing is vouched for', async (command) => {
  const whole = await readWith(command, { calls: ['read'], how: 'count' });
  const at = upTo(6).map((number) => 1 + Math.floor((number * (whole.hits.length - 1)) / 5));
  const codes = await inParallel(AT_ONCE, at, async (from) => {
    const { outcome, folder } = await readWith(command, { calls: ['read'], how: 'EIO', from, times: 1 });
    expectNoStack(outcome);
    expect(outcome.stdout + outcome.stderr).toContain('EIO');
    expect(outcome.code).toBe(command === 'validate' ? 3 : 1);
    if (command !== 'validate') expect((await settle([folder]))[0]).not.toBe(undefined);
    return String(outcome.code);
  });
  tell(`a read of "${command}" fails at ${at.length} of its ${whole.hits.length} reads: exit ${counts(codes)}`);
});
