import { createHash } from 'node:crypto';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { cli, onlyEpisode, readJson, temporaryFolder } from '../support/cli.js';
import { TOLERANT } from '../support/tolerant.js';

let original: string | undefined;

beforeAll(async () => {
  const output = mkdtempSync('/tmp/cis490-validate-');
  const config = join(output, 'config.json');
  const document = { target: { type: 'pid', pid: process.pid }, duration: '500ms', grade: TOLERANT };
  writeFileSync(config, JSON.stringify(document));
  await recordWhole(config, output);
  return () => rmSync(output, { recursive: true, force: true });
}, 120_000);

/** With a row of each tick: a busy machine may miss some, which is not what this is about. */
async function recordWhole(config: string, output: string): Promise<void> {
  for (let attempt = 0; original === undefined; attempt++) {
    const place = join(output, String(attempt));
    await cli('episode', 'start', '--config', config, '--output', place);
    const { collectors } = readJson(join(onlyEpisode(place), 'meta.json'));
    if (attempt === 20) throw new Error('no episode of 500 ms had a row of each tick');
    if (collectors.every(({ rows }: { rows: number }) => rows === 5)) original = onlyEpisode(place);
  }
}

/** A copy to damage. */
function copy(): string {
  const folder = join(temporaryFolder(), basename(original!));
  cpSync(original!, folder, { recursive: true });
  return folder;
}

function edit(folder: string, file: string, change: (text: string) => string): void {
  writeFileSync(join(folder, file), change(readFileSync(join(folder, file), 'utf8')));
}

/** Makes the manifest agree with what is there: what is left to find is in the content. */
function reseal(folder: string): void {
  const marker = readJson(join(folder, 'done.marker'));
  for (const file of marker.files) {
    const content = readFileSync(join(folder, file.path));
    file.bytes = content.length;
    file.sha256 = createHash('sha256').update(content).digest('hex');
    if (file.rows !== null) file.rows = content.toString().split('\n').length - 1;
  }
  writeFileSync(join(folder, 'done.marker'), JSON.stringify(marker));
}

async function violations(folder: string): Promise<string> {
  const { code, stdout, stderr } = await cli('episode', 'validate', folder, '--json');
  expect(stderr).toBe('');
  const { is_valid, episodes } = JSON.parse(stdout);
  expect(code).toBe(is_valid ? 0 : 3);
  return episodes[0].violations
    .map(
      ({ file, line, message }: { file: string; line: number | null; message: string }) =>
        `${file}:${line ?? ''} ${message}`,
    )
    .join('\n');
}

const host = 'telemetry/host_proc.jsonl';

function linkInPlace(folder: string): void {
  renameSync(join(folder, host), join(folder, '../real'));
  symlinkSync(join(folder, '../real'), join(folder, host));
}

test('an episode as it was recorded is valid', async () => {
  expect(await violations(copy())).toBe('');
});

const damages: [string, (folder: string) => void, RegExp][] = [
  ['no marker', (f) => rmSync(join(f, 'done.marker')), /done.marker: does not exist: the episode is not finished/],
  ['a marker that is no JSON', (f) => writeFileSync(join(f, 'done.marker'), '{'), /done.marker:/],
  ['a changed byte', (f) => edit(f, host, (t) => t.replace('"tick":1', '"tick":9')), /host_proc.jsonl: its sha256/],
  ['a missing file', (f) => rmSync(join(f, host)), /host_proc.jsonl: does not exist/],
  ['a file too many', (f) => writeFileSync(join(f, 'telemetry/extra.jsonl'), ''), /extra.jsonl: is not in done.marker/],
  ['a link in place of a file', linkInPlace, /is a symbolic link/],
  [
    'another folder name',
    (f) => edit(f, 'done.marker', (t) => t.replace(/"id": "../, '"id": "00')),
    /the folder is named/,
  ],
  [
    'a manifest that leaves the folder',
    (f) => edit(f, 'done.marker', (t) => t.replace('"events.jsonl"', '"../../etc/passwd"')),
    /leaves the folder/,
  ],
];

test.each(damages)('%s is found', async (_name, damage, message) => {
  const folder = copy();
  damage(folder);
  expect(await violations(folder)).toMatch(message);
});

const lies: [string, string, (text: string) => string, RegExp][] = [
  [
    'a value of another type',
    host,
    (t) => t.replace(/"minor_faults":(\d+)/, '"minor_faults":"$1"'),
    /host_proc.jsonl:1 minor_faults is .*; it must be integer/,
  ],
  ['a missing key', host, (t) => t.replace(/,"major_faults":\d+/, ''), /:1 major_faults is missing/],
  ['a key too many', host, (t) => t.replace('"epoch":0', '"epoch":0,"more":1'), /:1 more: there is no such key/],
  ['another source', host, (t) => t.replace('"source":"host_proc"', '"source":"system"'), /:1 source is "system"/],
  [
    'another availability',
    host,
    (t) => t.replace('deployment":false', 'deployment":true'),
    /:1 available_in_deployment is true; meta.json says false/,
  ],
  [
    'a wall time that is one nanosecond off',
    host,
    (t) => t.replace(/"t_wall_ns":(\d+)/, (_, ns) => `"t_wall_ns":${BigInt(ns) + 1n}`),
    /:1 t_wall_ns is \d+, which is not the origin/,
  ],
  [
    'rows in another order',
    host,
    (t) => t.split('\n').slice(0, -1).reverse().join('\n').concat('\n'),
    /:2 t_mono_ns is \d+, which is before the row in front/,
  ],
  ['a tick twice', host, (t) => t.replace('"tick":2', '"tick":1'), /:3 tick is 1; it must rise/],
  ['a tick beyond the end', host, (t) => t.replace('"tick":4', '"tick":5'), /:5 tick is 5, but only 5 were scheduled/],
  [
    'a tick before it was due',
    host,
    (t) => t.replace('"tick":2', '"tick":3'),
    /:3 tick is 3, which was due \d+ ns after t_mono_ns/,
  ],
  ['a row that is gone', host, (t) => t.slice(t.indexOf('\n') + 1), /has 4 rows; meta.json says 5/],
  ['a torn last line', host, (t) => t.slice(0, -20), /torn/],
  ['a line that is no JSON', host, (t) => t.replace('{', ''), /:1 is no JSON/],
  ['bytes that are no UTF-8', host, (t) => t, /is not UTF-8/],
  [
    'no label at the origin',
    'labels.jsonl',
    (t) => t.replace(/"t_mono_ns":0,"t_wall_ns":(\d+)/, (_, ns) => `"t_mono_ns":5,"t_wall_ns":${BigInt(ns) + 5n}`),
    /the first label begins 5 ns after the origin/,
  ],
  [
    'a label that is none of the plan',
    'labels.jsonl',
    (t) => t.replace('unlabelled', 'invented'),
    /label "invented" is none of the episode's/,
  ],
  [
    'an event without a name',
    'events.jsonl',
    (t) => t.replace('target_started', 'party_started'),
    /events.jsonl:1 event is "party_started"/,
  ],
  ['no end', 'events.jsonl', (t) => t.slice(0, t.lastIndexOf('{')), /does not end with episode_ended/],
  [
    'reasons that differ',
    'meta.json',
    (t) => t.replace('"grade_reasons": []', '"grade_reasons": ["x"]'),
    /grade_reasons are not/,
  ],
  [
    'ticks that do not add up',
    'meta.json',
    (t) => t.replace('"ticks_missed": 0', '"ticks_missed": 4'),
    /scheduled less run are 0/,
  ],
  [
    'a grade that the figures do not allow',
    'meta.json',
    (t) => t.replace('"rows_invalid": 0', '"rows_invalid": 3'),
    /the figures allow no better than "degraded"/,
  ],
  [
    'a pause that the grade does not tell',
    'meta.json',
    (t) => t.replace(/"longest_pause_ns": \d+/, '"longest_pause_ns": 9000000000000000'),
    /no better than "degraded": \w+ took no sample for \d+/,
  ],
  [
    'labels that cover less than it says',
    'labels.jsonl',
    (t) => t.replace('"confirmed":null', '"confirmed":null,"why":"nobody knows"'),
    /meta.json: labels.coverage is 1; labels.jsonl makes it 0/,
  ],
  [
    'another configuration',
    'meta.json',
    (t) => t.replace('"profile": "lab",\n    "target"', '"profile": "lab",\n    "more": 1,\n    "target"'),
    /config_sha256 is not the digest/,
  ],
  [
    'a label of a phase that never was',
    'labels.jsonl',
    (t) => t.replace('"phase":"episode"', '"phase":"other"'),
    /phase "other" was never reached/,
  ],
  ['a phase without a label', 'labels.jsonl', () => '', /phase "episode" has no label/],
  [
    'a grade that is better in meta.json',
    'meta.json',
    (t) => t.replace('"grade": "ok"', '"grade": "degraded"'),
    /grade is "degraded"; done.marker says "ok"/,
  ],
];

test.each(lies)('a manifest that agrees does not hide it: %s', async (name, file, change, message) => {
  const folder = copy();
  edit(folder, file, change);
  if (name.includes('UTF-8')) appendFileSync(join(folder, file), Buffer.from([0xff, 0x0a]));
  reseal(folder);
  expect(await violations(folder)).toMatch(message);
});

test('the violations of a file are counted, and the first hundred listed', async () => {
  const folder = copy();
  appendFileSync(join(folder, host), '{}\n'.repeat(1000));
  reseal(folder);
  const { stdout } = await cli('episode', 'validate', folder, '--json');
  const [{ violations: listed, violation_count }] = JSON.parse(stdout).episodes;
  expect(listed.filter(({ file }: { file: string }) => file === host)).toHaveLength(100);
  expect(violation_count).toBeGreaterThanOrEqual(1000);
});

test('several episodes at once: each has its report', async () => {
  const [good, bad] = [copy(), copy()];
  rmSync(join(bad, 'done.marker'));
  const { code, stdout } = await cli('episode', 'validate', good, bad);
  expect(code).toBe(3);
  expect(stdout).toContain(`${good}: valid`);
  expect(stdout).toContain(`${bad}: 1 violation\n`);
});

test('one that is not there keeps none of the others from being told', async () => {
  const [good, bad] = [copy(), copy()];
  rmSync(join(bad, 'done.marker'));
  const beside = await cli('episode', 'validate', good, '/nowhere');
  expect(beside.stdout).toContain(`${good}: valid`);
  expect(beside.stdout).toContain('there is no episode "/nowhere"');
  expect(beside.code).toBe(4);
  expect((await cli('episode', 'validate', '/nowhere', bad)).code).toBe(3);
});

test('a file that grew behind the marker is not read to its end', async () => {
  const folder = copy();
  truncateSync(join(folder, host), 4e11);
  expect(await violations(folder)).toBe(`${host}: has 400000000000 bytes; done.marker says ${sizeIn(original!, host)}`);
});

test('files behind a folder that is a link are not read', async () => {
  const folder = copy();
  renameSync(join(folder, 'telemetry'), join(folder, '../elsewhere'));
  symlinkSync('../elsewhere', join(folder, 'telemetry'));
  expect(await violations(folder)).toContain(`${host}: lies below telemetry, which is no folder`);
});

const sizeIn = (folder: string, file: string) => readFileSync(join(folder, file)).length;

test('what is no episode is told, and does not hang', async () => {
  expect((await cli('episode', 'validate', '/nowhere')).code).toBe(4);
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'empty'));
  const { code, stderr } = await cli('episode', 'validate', join(folder, 'empty'));
  expect(code).toBe(4);
  expect(stderr).toMatch(/has neither meta\.json nor done\.marker: it is no episode/);
});
