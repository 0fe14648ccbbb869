import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { services } from '../../src/composition-root.js';
import { filesBelow } from '../../src/core/files/files-below.js';
import { cli, onlyEpisode, readJson, readRows } from '../support/cli.js';
import { copyOf, editJson, editText, killedCopyOf } from '../support/unfinished.js';

let original: string;

beforeAll(async () => {
  const output = mkdtempSync('/tmp/cis490-label-');
  const phases = ['--phase', 'quiet:benign:1s', '--phase', 'busy:malicious:1s'];
  await cli('episode', 'start', '--output', output, ...phases, '--', 'sleep', '5');
  original = onlyEpisode(output);
  return () => rmSync(output, { recursive: true, force: true });
});

const labelsIn = (folder: string) => join(folder, 'labels.jsonl');
const formerIn = (folder: string) => join(folder, '.former.marker');
const contentOf = (folder: string) =>
  filesBelow(folder)
    .sort()
    .map((path) => [path, readFileSync(join(folder, path), 'latin1')]);
const markerIn = (folder: string) => join(folder, 'done.marker');
const sha256 = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
const REVISION = ['--revises', '1', '--label', 'benign', '--why', 'the pool was down', '--by', 'ann'];

async function expectValid(folder: string): Promise<void> {
  expect((await services().validator.validate(folder)).violations).toEqual([]);
}

test('a correction is appended, sealed with the digests of what was before, and seen by readers', async () => {
  const folder = copyOf(original);
  const before = readFileSync(labelsIn(folder), 'utf8');
  const digests = [sha256(markerIn(folder)), sha256(labelsIn(folder))];
  const { code, stdout } = await cli('episode', 'label', folder, ...REVISION, '--json');
  expect(code).toBe(0);
  const row = {
    seq: 2,
    phase: 'busy',
    label: 'benign',
    source: 'manual',
    revises: 1,
    by: 'ann',
    why: 'the pool was down',
  };
  expect(JSON.parse(stdout).appended).toEqual([expect.objectContaining(row)]);
  const after = readFileSync(labelsIn(folder), 'utf8');
  expect(after.startsWith(before)).toBe(true);
  expect(readRows(labelsIn(folder)).at(-1)).toMatchObject(row);
  const { history, grade } = readJson(markerIn(folder));
  expect(history).toEqual([
    {
      at_realtime_ns: expect.any(Number),
      by: 'ann',
      why: 'the pool was down',
      marker_sha256: digests[0],
      files: [{ path: 'labels.jsonl', bytes: before.length, rows: 2, sha256: digests[1] }],
    },
  ]);
  expect(grade).toBe(readJson(markerIn(original)).grade);
  await expectValid(folder);
  const shown = JSON.parse((await cli('episode', 'show', folder, '--json')).stdout);
  expect(shown.labels.map(({ label }: { label: string }) => label)).toEqual(['benign', 'benign']);
  const text = (await cli('episode', 'show', folder)).stdout;
  expect(text).toContain('by ann: the pool was down');
});

test('corrections add up: each keeps the digests of the one before', async () => {
  const folder = copyOf(original);
  const stretch = ['--from', '0s', '--until', '100ms', '--uncertainty', '10ms'];
  await cli('episode', 'label', folder, ...REVISION);
  const digest = sha256(markerIn(folder));
  const { code } = await cli(
    'episode',
    'label',
    folder,
    ...stretch,
    '--label',
    'unknown',
    '--why',
    'it was still starting',
  );
  expect(code).toBe(0);
  const { history } = readJson(markerIn(folder));
  expect(history.map(({ why }: { why: string }) => why)).toEqual(['the pool was down', 'it was still starting']);
  expect(history[1].marker_sha256).toBe(digest);
  await expectValid(folder);
});

test('a sealed label that is edited afterwards is found out, whatever the manifest says', async () => {
  const folder = copyOf(original);
  await cli('episode', 'label', folder, ...REVISION);
  editText(labelsIn(folder), (text) =>
    text.replace('"label":"malicious"', '"label":"maliciouS"').replace('ciouS', 'cious2'),
  );
  editJson(markerIn(folder), ({ files }) => {
    const entry = files.find(({ path }: { path: string }) => path === 'labels.jsonl');
    Object.assign(entry, { bytes: readFileSync(labelsIn(folder)).length, sha256: sha256(labelsIn(folder)) });
  });
  const { violations } = await services().validator.validate(folder);
  expect(violations.map(({ message }) => message)).toContainEqual(expect.stringContaining('edited, not appended to'));
});

/** The states between two steps of a relabelling, as a kill may leave them. */
const STATES: readonly [string, boolean, (folder: string, done: string) => void][] = [
  ['the marker has stepped aside', false, stepAside],
  ['the marker aside says what is to be done', true, tellIntent],
  [
    'half of the row is written',
    true,
    (folder, done) => {
      tellIntent(folder, done);
      const written = readFileSync(labelsIn(done), 'utf8').slice(readFileSync(labelsIn(folder)).length);
      appendFileSync(labelsIn(folder), written.slice(0, 20));
    },
  ],
  [
    'all but the return of the marker is done',
    true,
    (folder, done) => {
      rmSync(markerIn(folder));
      for (const name of ['labels.jsonl', 'done.marker'])
        renameSync(join(done, name), join(folder, name === 'done.marker' ? '.former.marker' : name));
    },
  ],
];

function stepAside(folder: string): void {
  renameSync(markerIn(folder), join(folder, '.former.marker'));
}

function tellIntent(folder: string, done: string): void {
  const former = readFileSync(labelsIn(folder)).length;
  stepAside(folder);
  editJson(markerIn(done), ({ history }) => {
    const { files: _, ...entry } = history[0];
    editJson(join(folder, '.former.marker'), (marker) => {
      marker.relabelling = { append: readFileSync(labelsIn(done), 'utf8').slice(former), former: entry };
    });
  });
}

test.each(STATES)('killed when %s, it is completed by a recovery', async (_when, isDone, prepare) => {
  const [folder, done] = [copyOf(original), copyOf(original)];
  await cli('episode', 'label', done, ...REVISION);
  const expected = readRows(labelsIn(isDone ? done : folder));
  prepare(folder, done);
  expect((await cli('episode', 'validate', folder)).stdout).toContain('the episode is not finished');
  const { code, stdout } = await cli('episode', 'recover', folder);
  expect(stdout).toContain('relabelling was completed');
  expect(code).toBe(0);
  await expectValid(folder);
  expect(readRows(labelsIn(folder))).toEqual(expected);
  expect(readJson(join(folder, 'meta.json'))).toMatchObject({ status: 'complete', recovered: false });
});

/** A relabelling that was interrupted, and what somebody did to the folder meanwhile. */
const HARMS: readonly [string, (folder: string) => void, RegExp, number][] = [
  [
    'its recorder lives',
    (folder) =>
      editJson(join(folder, 'meta.json'), ({ recorder }) => {
        recorder.pid = process.pid;
        recorder.start_time_ticks = BigInt(readFileSync('/proc/self/stat', 'latin1').split(') ')[1]!.split(' ')[19]!);
      }),
    /is being recorded by process/,
    4,
  ],
  ['there is no meta.json', (folder) => rmSync(join(folder, 'meta.json')), /has no meta\.json/, 4],
  [
    'meta.json is null',
    (folder) => writeFileSync(join(folder, 'meta.json'), 'null'),
    /meta\.json can not be trusted/,
    1,
  ],
  [
    'meta.json is another one',
    (folder) => editJson(join(folder, 'meta.json'), (meta) => (meta.grade = 'invalid')),
    /meta\.json is not what done\.marker says/,
    1,
  ],
  [
    'labels.jsonl is a FIFO',
    (folder) => {
      rmSync(labelsIn(folder));
      spawnSync('mkfifo', [labelsIn(folder)]);
    },
    /labels\.jsonl is no regular file/,
    1,
  ],
  [
    'links lead round and round',
    (folder) => ['l1', 'l2'].forEach((name) => void symlinkSync('.', join(folder, 'artifacts', name))),
    /artifacts\/l1 is no regular file/,
    1,
  ],
  [
    'telemetry leads elsewhere',
    (folder) => {
      renameSync(join(folder, 'telemetry'), join(folder, '../elsewhere'));
      writeFileSync(join(folder, '../elsewhere/precious.jsonl.tmp'), 'precious');
      symlinkSync('../elsewhere', join(folder, 'telemetry'));
    },
    /telemetry is no regular file/,
    1,
  ],
  [
    'sealed labels were edited',
    (folder) => editText(labelsIn(folder), (text) => text.replace('"confirmed":null', '"confirmed":true')),
    /labels\.jsonl is not what done\.marker says/,
    1,
  ],
  [
    'the intent is no label',
    (folder) => editJson(formerIn(folder), ({ relabelling }) => (relabelling.append = 'garbage\n')),
    /would make of labels\.jsonl what it can not be: is no JSON/,
    1,
  ],
  [
    'the intent is another row',
    (folder) =>
      editJson(formerIn(folder), ({ relabelling }) => {
        relabelling.append = relabelling.append.replace('"seq":2', '"seq":7');
      }),
    /seq is 7; it must be 2/,
    1,
  ],
  [
    'the intent tells nobody who did it',
    (folder) => editJson(formerIn(folder), ({ relabelling }) => (relabelling.former = {})),
    /\.former\.marker is no marker/,
    1,
  ],
];

test.each(HARMS)('interrupted, and %s: a sentence, and nothing was changed', async (_what, harm, words, exit) => {
  const [folder, done] = [copyOf(original), copyOf(original)];
  await cli('episode', 'label', done, ...REVISION);
  tellIntent(folder, done);
  harm(folder);
  const [before, beside] = [folder, join(folder, '..')].map(contentOf);
  const { code, stderr } = await cli('episode', 'recover', folder);
  expect(stderr).toMatch(words);
  expect(stderr).not.toMatch(/^ +at /m);
  expect(code).toBe(exit);
  expect([folder, join(folder, '..')].map(contentOf)).toEqual([before, beside]);
});

test('labels that were changed behind the back of the marker are not sealed', async () => {
  const folder = copyOf(original);
  editText(labelsIn(folder), (text) => text.replace('"confirmed":null', '"confirmed":true'));
  const { code, stderr } = await cli('episode', 'label', folder, ...REVISION);
  expect(stderr).toContain('labels.jsonl is not what done.marker says');
  expect(code).toBe(1);
  expect(readJson(markerIn(folder)).history).toEqual([]);
});

test.each([
  [
    'a label that nobody knows',
    ['--revises', '1', '--label', 'evil', '--why', 'x'],
    /no label "evil"; there are benign, /,
  ],
  ['a row that is not there', ['--revises', '9', '--label', 'benign', '--why', 'x'], /no label with seq 9/],
  ['neither row nor time', ['--label', 'benign', '--why', 'x'], /--revises SEQ, or --from TIME/],
  ['a time without a unit', ['--from', '3', '--label', 'benign', '--why', 'x'], /--from is "3"/],
  ['no reason', ['--revises', '1', '--label', 'benign'], /why/],
  ['an empty reason', ['--revises', '1', '--label', 'benign', '--why', ''], /why must/],
  [
    'a technique that is none',
    ['--revises', '1', '--label', 'benign', '--why', 'x', '--technique', 'T1'],
    /technique must/,
  ],
])('%s: a sentence, and nothing was changed', async (_what, args, words) => {
  const folder = copyOf(original);
  const { code, stderr } = await cli('episode', 'label', folder, ...args);
  expect(stderr).toMatch(words);
  expect(code).toBe(2);
  expect(sha256(markerIn(folder))).toBe(sha256(markerIn(original)));
});

test('an episode that is not finished is not relabelled', async () => {
  const { code, stderr } = await cli('episode', 'label', killedCopyOf(original), ...REVISION);
  expect(stderr).toMatch(/has no done\.marker.*\n.*recover/s);
  expect(code).toBe(4);
});
