import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { services } from '../../src/composition-root.js';
import { contents } from '../faults/support/episode-files.js';
import { cli, onlyEpisode, plugin, readRows } from '../support/cli.js';
import { editJson, editText, killedCopyOf } from '../support/unfinished.js';

// biome-ignore lint/suspicious/noExplicitAny: a document of any shape
type Document = any;

/** Rows that are whole, and say what can not be: what a single flipped digit makes of one. */

let original: string;

beforeAll(async () => {
  const output = mkdtempSync('/tmp/cis490-odd-');
  const config = join(output, 'config.json');
  const document = {
    target: { type: 'command', argv: ['sleep', '20'] },
    duration: '1s',
    plugins: [plugin('kinds.mjs')],
    collectors: { host_proc: { interval: '20ms' }, two_cards: { interval: '50ms' }, heartbeat: {} },
  };
  writeFileSync(config, JSON.stringify(document));
  const { code, stderr } = await cli('episode', 'start', '--config', config, '--output', join(output, 'episodes'));
  if (code !== 0 && code !== 3) throw new Error(stderr);
  original = onlyEpisode(join(output, 'episodes'));
  return () => rmSync(output, { recursive: true, force: true });
});

const recover = (folder: string) => services().recoverer.recover(folder, { isForced: false });
const telemetry = (folder: string, source: string) => join(folder, 'telemetry', `${source}.jsonl`);
const linesOf = (path: string) => readFileSync(path, 'utf8').split('\n').slice(0, -1);

async function expectValid(folder: string): Promise<void> {
  expect((await services().validator.validate(folder)).violations).toEqual([]);
}

/** Edits one line of a file. */
const editLine = (path: string, index: number, change: (line: string) => string) =>
  editText(path, (text) =>
    text
      .split('\n')
      .map((line, i) => (i === index ? change(line) : line))
      .join('\n'),
  );

test.each([
  ['a tick of another time', 'host_proc', '"tick":', 7083],
  ['the next tick', 'host_proc', '"tick":', 'next'],
  ['a tick of another time, among rows that share one', 'two_cards', '"tick":', 19],
  ['a tick that is no integer of JavaScript', 'two_cards', '"tick":', '900719925474099300'],
  ['a tick beyond all', 'host_proc', '"tick":', '1e308'],
  ['a position far ahead', 'heartbeat', '"seq":', 7083],
  ['the next position', 'heartbeat', '"seq":', 'next'],
  ['a position that is no integer of JavaScript', 'heartbeat', '"seq":', '90071992547409930'],
])('%s costs its own row and none behind it', async (_what, source, key, odd) => {
  const folder = killedCopyOf(original);
  const file = telemetry(folder, source);
  const before = linesOf(file);
  // one of the first whose next is there too: a busy machine may have missed any
  const has = (number: number) => before.some((line) => line.includes(`${key}${number},`));
  const number = [3, 4, 5, 6, 7, 8, 9, 10].find((each) => has(each) && has(each + 1))!;
  const index = before.findIndex((line) => line.includes(`${key}${number},`));
  const value = odd === 'next' ? number + 1 : odd;
  editLine(file, index, (line) => line.replace(new RegExp(`${key}\\d+`), `${key}${value}`));
  const { lost, endNs } = await recover(folder);
  expect(lost).toMatchObject([{ file: `telemetry/${source}.jsonl`, reason: 'damaged', lines: 1 }]);
  expect(linesOf(file)).toEqual(before.toSpliced(index, 1));
  expect(Number(endNs)).toBeLessThanOrEqual(1.1e9);
  await expectValid(folder);
});

test.each(['host_proc', 'two_cards', 'heartbeat'])(
  'rows of %s that have changed places cost themselves alone',
  async (source) => {
    const folder = killedCopyOf(original);
    const file = telemetry(folder, source);
    const before = linesOf(file);
    const [early, late] = [before[4]!, before[14]!];
    writeFileSync(file, `${before.with(4, late).with(14, early).join('\n')}\n`);
    await recover(folder);
    expect(linesOf(file)).toEqual(before.filter((line) => line !== early && line !== late));
    await expectValid(folder);
  },
);

test('a leap of a stream that the rows behind it bear out is of rows that are gone', async () => {
  const folder = killedCopyOf(original);
  const file = telemetry(folder, 'heartbeat');
  const rows = linesOf(file).toSpliced(3, 4);
  writeFileSync(file, `${rows.join('\n')}\n`);
  const { lost } = await recover(folder);
  expect(lost).toMatchObject([{ reason: 'damaged', lines: 4 }]);
  expect(linesOf(file)).toEqual(rows);
  expect(readRows(file).at(-1).seq).toBe(rows.length + 3);
  await expectValid(folder);
});

test('an end behind the planned one is none, and the end is that of the rows', async () => {
  const folder = killedCopyOf(original);
  const ended = readFileSync(join(original, 'events.jsonl'), 'utf8').trimEnd().split('\n').at(-1)!;
  appendFileSync(join(folder, 'events.jsonl'), `${ended.replace(/"end_ns":\d+/, '"end_ns":9000000000')}\n`);
  const { lost, endNs } = await recover(folder);
  expect(lost).toMatchObject([{ file: 'events.jsonl', lines: 1 }]);
  expect(Number(endNs)).toBeLessThanOrEqual(1e9);
  await expectValid(folder);
});

test.each(['-5.5', '0', '1e300'])('an event with a count of %s costs itself, and makes no figure', async (count) => {
  const folder = killedCopyOf(original);
  const last = linesOf(join(folder, 'events.jsonl')).at(-1)!;
  const times = /^\{"t_mono_ns":-?\d+,"t_wall_ns":\d+,/.exec(last)![0];
  const failed = '"event":"collector_failed","source":"host_proc","code":"EIO","reason":"x","fatal":false';
  appendFileSync(join(folder, 'events.jsonl'), `${times}${failed},"count":${count}}\n`);
  const { lost } = await recover(folder);
  expect(lost).toMatchObject([{ file: 'events.jsonl', lines: 1 }]);
  await expectValid(folder);
});

/** What a meta.json that is damaged itself would have made of the rows: all of them would be strange to it. */
test.each<[string, (meta: Document) => void, RegExp]>([
  ['another origin', ({ clocks }) => clocks.origin_realtime_ns++, /rows that are whole, and not of this meta\.json/],
  [
    'another row schema',
    ({ collectors }) => Object.assign(collectors[0].row_schema.properties.minor_faults, { minimum: 2 ** 50 }),
    /host_proc\.jsonl has \d+ rows that are whole, and not of this meta\.json, beside 0/,
  ],
  [
    'another availability',
    ({ collectors }) => (collectors[1].available_in_deployment = true),
    /not of this meta\.json/,
  ],
  ['an interval of nothing', ({ collectors }) => (collectors[0].interval_ns = 0), /interval_ns is 0; it must be >= 1/],
  ['another interval', ({ collectors }) => (collectors[0].interval_ns = 10_000_000), /those of its configuration/],
  ['another duration', (meta) => (meta.duration_ns = 100_000_000), /those of its configuration/],
  [
    'another label of a phase',
    ({ planned_phases }) => (planned_phases[0].label = 'benign'),
    /those of its configuration/,
  ],
])('a meta.json with %s is not believed, and nothing is changed', async (_what, change, words) => {
  const folder = killedCopyOf(original);
  editJson(join(folder, 'meta.json'), change);
  await expectUntouched(folder, words);
});

async function expectUntouched(folder: string, words: RegExp): Promise<void> {
  const content = contents(folder);
  await expect(recover(folder)).rejects.toThrow(words);
  expect(contents(folder)).toEqual(content);
}

const forgetOrigin = (folder: string) =>
  editJson(join(folder, 'meta.json'), ({ clocks }) => (clocks.origin_monotonic_ns = clocks.origin_realtime_ns = null));
const later = (line: string) => line.replace(/"t_wall_ns":(\d+)/, (_, ns) => `"t_wall_ns":${BigInt(ns) + 1n}`);

test('an origin that meta.json does not tell is what most files say, and not the first alone', async () => {
  const folder = killedCopyOf(original);
  forgetOrigin(folder);
  editLine(join(folder, 'events.jsonl'), 0, later);
  const { lost } = await recover(folder);
  expect(lost).toMatchObject([{ file: 'events.jsonl', reason: 'damaged', lines: 1 }]);
  await expectValid(folder);
});

test('an origin of which as many say one as another is not known', async () => {
  const folder = killedCopyOf(original);
  forgetOrigin(folder);
  for (const source of ['host_proc', 'two_cards', 'heartbeat'])
    writeFileSync(
      telemetry(folder, source),
      source === 'heartbeat' ? `${later(linesOf(telemetry(folder, source))[0]!)}\n` : '',
    );
  writeFileSync(join(folder, 'events.jsonl'), '');
  await expectUntouched(folder, /differ in their first rows/);
});
