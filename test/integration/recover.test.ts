import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  cpSync,
  existsSync,
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
import { services } from '../../src/composition-root.js';
import { filesBelow } from '../../src/core/files/files-below.js';
import { cli, isAlive, onlyEpisode, readJson, readRows, startCli, temporaryFolder, until } from '../support/cli.js';
import { copyOf, editJson, editText, killedCopyOf } from '../support/unfinished.js';

let original: string;

beforeAll(async () => {
  const output = mkdtempSync('/tmp/cis490-recover-');
  const config = join(output, 'config.json');
  writeFileSync(
    config,
    JSON.stringify({
      target: { type: 'command', argv: ['sleep', '20'] },
      phases: ['first', 'second', 'third'].map((name, i) => ({
        name,
        label: i === 1 ? 'malicious' : 'benign',
        duration: '1s',
        ...(i === 1 && { run: ['sleep', '20'] }),
      })),
      collectors: {
        host_proc: { interval: '20ms' },
        system: { interval: '50ms' },
        host_tree: { interval: '50ms' },
        words: {
          use: 'exec',
          options: {
            argv: ['sh', '-c', 'i=0; while sleep 0.05; do i=$((i+1)); echo "{\\"n\\":$i}"; done'],
            schema: {
              type: 'object',
              properties: { n: { type: 'integer', 'x-unit': '1', 'x-kind': 'gauge', description: 'Counts.' } },
              required: ['n'],
            },
            available_in_deployment: false,
          },
        },
      },
    }),
  );
  const { code, stderr } = await cli('episode', 'start', '--config', config, '--output', join(output, 'episodes'));
  if (code !== 0 && code !== 3) throw new Error(stderr);
  original = onlyEpisode(join(output, 'episodes'));
  return () => rmSync(output, { recursive: true, force: true });
});

const recover = (folder: string, isForced = false) => services().recoverer.recover(folder, { isForced });
const telemetry = (folder: string, source: string) => join(folder, 'telemetry', `${source}.jsonl`);

async function expectValid(folder: string): Promise<void> {
  const { violations } = await services().validator.validate(folder);
  expect(violations).toEqual([]);
}

const rowsIn = (folder: string, source: string) => readRows(telemetry(folder, source));
const linesOf = (path: string) => readFileSync(path, 'utf8').split('\n').slice(0, -1);
const contentOf = (folder: string) =>
  filesBelow(folder)
    .sort()
    .map((path) => [path, readFileSync(join(folder, path), 'latin1')]);

test('a recorder that was killed: every row stays, the labels are closed, and the verdict says why', async () => {
  const output = temporaryFolder();
  const phases = ['--phase', 'a:benign:1s', '--phase', 'b:malicious:60s', '--phase', 'c:benign:1s'];
  const args = ['episode', 'start', '--output', output, '--interval', '10ms', ...phases, '--', 'sleep', '100'];
  const recorder = startCli(args);
  await recorder.saw(/phase_started phase phase=b/);
  const folder = onlyEpisode(output);
  await until(() => rowsIn(folder, 'host_proc').length > 60);
  recorder.child.kill('SIGKILL');
  await recorder.outcome;
  const before = linesOf(telemetry(folder, 'host_proc'));
  const { code, stdout } = await cli('episode', 'recover', folder, '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout).episodes[0]).toMatchObject({
    completed: 'recording',
    lost: [],
    end_reason: 'recorder_died',
  });
  await expectValid(folder);
  expect(linesOf(telemetry(folder, 'host_proc'))).toEqual(before);
  const meta = readJson(join(folder, 'meta.json'));
  // what the events tell of the last ticks may come behind the last row
  const files = ['events.jsonl', 'telemetry/host_proc.jsonl', 'telemetry/system.jsonl'];
  const last = Math.max(...files.map((file) => timeOfLast(folder, file)));
  expect(meta).toMatchObject({ status: 'failed', end_reason: 'recorder_died', recovered: true, grade: 'invalid' });
  expect(meta.end_ns).toBe(last);
  expect(meta.phases.map(({ name, end_ns: end }: { name: string; end_ns: number }) => [name, end])).toEqual([
    ['a', meta.phases[1].start_ns],
    ['b', last],
  ]);
  expect(meta.grade_reasons[0]).toMatch(/its recorder died after \d\.\d+ s of 62\.000 s/);
  expect(meta.grade_reasons).toContain('phases never reached: c');
  expect(isAlive(meta.target.pid)).toBe(false);
});

/** But for the event that a recovery adds. */
const timeOfLast = (folder: string, file: string): number =>
  readRows(join(folder, file))
    .filter(({ event }) => event !== 'episode_ended')
    .at(-1).t_mono_ns;

test('what a recorder would have written at the end is rebuilt from the rows', async () => {
  const folder = killedCopyOf(original);
  const { lost } = await recover(folder);
  expect(lost).toEqual([]);
  await expectValid(folder);
  const [rebuilt, recorded] = [folder, original].map((each) => readJson(join(each, 'meta.json')).collectors);
  for (const [i, collector] of recorded.entries()) {
    const { rows, bytes, lateness_ns, row_schema } = collector;
    expect(rebuilt[i]).toMatchObject({ rows, bytes, row_schema, state: 'ok' });
    // the end is the last row's time, not that of the plan; a row whose time was marked is as late as that says
    if (collector.kind === 'files') expect(rebuilt[i]).toMatchObject({ ticks_run: collector.ticks_run, lateness_ns });
  }
});

test.each([
  [
    'a torn row',
    (folder: string) => appendFileSync(telemetry(folder, 'system'), '{"t_mono_ns":12'),
    'telemetry/system.jsonl',
    'torn',
    1,
  ],
  [
    'a torn event',
    (folder: string) => appendFileSync(join(folder, 'events.jsonl'), '{"t_mono'),
    'events.jsonl',
    'torn',
    1,
  ],
  [
    'a torn label',
    (folder: string) => appendFileSync(join(folder, 'labels.jsonl'), '{"seq":9'),
    'labels.jsonl',
    'torn',
    1,
  ],
  [
    'zeros behind a power cut',
    (folder: string) => appendFileSync(telemetry(folder, 'words'), Buffer.alloc(5000)),
    'telemetry/words.jsonl',
    'torn',
    1,
  ],
  [
    'damaged rows',
    (folder: string) => damage(telemetry(folder, 'host_proc'), [3, 5]),
    'telemetry/host_proc.jsonl',
    'damaged',
    2,
  ],
  [
    'a damaged row of a stream',
    (folder: string) => damage(telemetry(folder, 'words'), [2]),
    'telemetry/words.jsonl',
    'damaged',
    1,
  ],
  ['a damaged event', (folder: string) => damage(join(folder, 'events.jsonl'), [0]), 'events.jsonl', 'damaged', 1],
  ['a damaged label', (folder: string) => damage(join(folder, 'labels.jsonl'), [1]), 'labels.jsonl', 'damaged', 1],
  [
    'a file that is gone',
    (folder: string) => rmSync(telemetry(folder, 'system')),
    'telemetry/system.jsonl',
    'missing',
    null,
  ],
])('%s is counted, and all else stays', async (_what, harm, file, reason, lines) => {
  const folder = killedCopyOf(original);
  const whole = linesOf(join(folder, file));
  harm(folder);
  const kept = existsSync(join(folder, file)) ? linesOf(join(folder, file)).filter((line) => whole.includes(line)) : [];
  const { lost, verdict } = await recover(folder);
  expect(lost).toEqual([{ file, reason, lines, bytes: lines === null ? null : expect.any(Number) }]);
  expect(readJson(join(folder, 'meta.json')).recovery.lost).toEqual(lost);
  expect(verdict.reasons.join('\n')).toContain(file);
  await expectValid(folder);
  for (const line of kept) expect(linesOf(join(folder, file))).toContain(line);
});

/** Flips bytes in lines of a file. */
function damage(path: string, lines: readonly number[]): void {
  editText(path, (text) =>
    text
      .split('\n')
      .map((line, i) => (lines.includes(i) ? `\0\0${line.slice(5)}` : line))
      .join('\n'),
  );
}

test('a label that is damaged leaves its stretch unknown', async () => {
  const folder = killedCopyOf(original);
  const labels = readRows(join(folder, 'labels.jsonl'));
  damage(join(folder, 'labels.jsonl'), [1]);
  await recover(folder);
  const rebuilt = readRows(join(folder, 'labels.jsonl'));
  expect(rebuilt[1]).toMatchObject({ seq: 1, label: 'unknown', t_mono_ns: labels[0].t_mono_ns });
  expect(rebuilt.slice(2)).toEqual(labels.slice(2));
});

test('rows behind the planned end of the last labelled phase are of no known label', async () => {
  const folder = killedCopyOf(original);
  editText(join(folder, 'labels.jsonl'), (text) => `${text.split('\n')[0]}\n`);
  editText(join(folder, 'events.jsonl'), (text) => text.replace(/^.*"phase":"(second|third)".*\n/gm, ''));
  await recover(folder);
  await expectValid(folder);
  const [first, second, ...more] = readRows(join(folder, 'labels.jsonl'));
  expect(more).toEqual([]);
  expect([first.label, second.label, second.t_mono_ns]).toEqual(['benign', 'unknown', 1_000_000_000]);
  expect(readJson(join(folder, 'meta.json')).phases.map(({ name }: { name: string }) => name)).toEqual(['first']);
});

test('a phase that had begun, and whose action was not seen yet, is of no known label', async () => {
  const folder = killedCopyOf(original);
  const begun = readRows(join(folder, 'events.jsonl')).find(
    ({ event, phase }) => event === 'phase_started' && phase === 'second',
  );
  editText(join(folder, 'labels.jsonl'), (text) => `${text.split('\n')[0]}\n`);
  editText(join(folder, 'events.jsonl'), (text) =>
    text.replace(/^.*"action_\w+".*\n/gm, '').replace(/^.*"phase":"third".*\n/gm, ''),
  );
  await recover(folder);
  await expectValid(folder);
  const at = Math.min(begun.t_mono_ns, 1_000_000_000);
  expect(readRows(join(folder, 'labels.jsonl'))[1]).toMatchObject({ phase: 'second', label: 'unknown', t_mono_ns: at });
});

test('rows that came before meta.json told the origin tell it themselves', async () => {
  const folder = killedCopyOf(original);
  let origin: unknown;
  editJson(join(folder, 'meta.json'), ({ clocks }) => {
    origin = [clocks.origin_monotonic_ns, clocks.origin_realtime_ns];
    clocks.origin_monotonic_ns = clocks.origin_realtime_ns = null;
  });
  expect((await recover(folder)).lost).toEqual([]);
  await expectValid(folder);
  editJson(join(folder, 'meta.json'), ({ clocks }) =>
    expect([clocks.origin_monotonic_ns, clocks.origin_realtime_ns]).toEqual(origin),
  );
});

test('a recorder that died before the origin has lost nothing, and its episode is empty and valid', async () => {
  const folder = killedCopyOf(original);
  editJson(join(folder, 'meta.json'), ({ clocks }) => (clocks.origin_monotonic_ns = clocks.origin_realtime_ns = null));
  for (const name of ['events.jsonl', 'labels.jsonl', 'telemetry', 'artifacts'])
    rmSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, '.reserve'), 'x');
  writeFileSync(join(folder, 'meta.json.tmp'), '{');
  const { lost, rows, verdict } = await recover(folder);
  expect({ lost, rows, grade: verdict.grade }).toEqual({ lost: [], rows: 0, grade: 'invalid' });
  await expectValid(folder);
});

test('what the recorder itself wrote at the end stands, if only the marker is missing', async () => {
  const folder = copyOf(original);
  const recorded = readJson(join(folder, 'meta.json'));
  rmSync(join(folder, 'done.marker'));
  editJson(join(folder, 'meta.json'), ({ recorder }) => (recorder.start_time_ticks = 1));
  await recover(folder);
  await expectValid(folder);
  const { collectors, end_ns, end_reason, phases, status } = readJson(join(folder, 'meta.json'));
  expect({ collectors, end_ns, end_reason, phases }).toEqual({
    collectors: recorded.collectors,
    end_ns: recorded.end_ns,
    end_reason: 'duration_over',
    phases: recorded.phases,
  });
  expect(status).toBe('failed');
});

test('again there is nothing to recover', async () => {
  const folder = killedCopyOf(original);
  expect((await cli('episode', 'recover', folder)).code).toBe(0);
  const content = contentOf(folder);
  const { code, stderr } = await cli('episode', 'recover', folder);
  expect(stderr).toContain('nothing to recover');
  expect(code).toBe(4);
  expect(contentOf(folder)).toEqual(content);
});

test('a recovery that was killed between any two of its steps is done again, and tells the same', async () => {
  const harmed = () => {
    const folder = killedCopyOf(original);
    damage(telemetry(folder, 'host_proc'), [3]);
    damage(join(folder, 'labels.jsonl'), [1]);
    appendFileSync(telemetry(folder, 'system'), '{"t_mono');
    return folder;
  };
  const done = harmed();
  const { lost } = await recover(done);
  // the files are changed one by one, behind meta.json: any of them may be as it was, or as it has to be
  const files = ['meta.json', 'telemetry/host_proc.jsonl', 'telemetry/system.jsonl', 'events.jsonl', 'labels.jsonl'];
  for (let step = 1; step <= files.length; step++) {
    const folder = harmed();
    for (const file of files.slice(0, step)) cpSync(join(done, file), join(folder, file));
    const again = await recover(folder);
    expect(again.lost).toEqual(lost);
    await expectValid(folder);
    for (const file of files.slice(1)) expect(readFileSync(join(folder, file))).toEqual(readFileSync(join(done, file)));
  }
});

test('an episode that is being recorded is never touched, whatever is forced', async () => {
  const folder = killedCopyOf(original);
  editJson(join(folder, 'meta.json'), ({ recorder }) => {
    recorder.pid = process.pid;
    recorder.start_time_ticks = BigInt(readFileSync('/proc/self/stat', 'latin1').split(') ')[1]!.split(' ')[19]!);
  });
  const content = contentOf(folder);
  for (const flags of [[], ['--force']]) {
    const { code, stderr } = await cli('episode', 'recover', folder, ...flags);
    expect(stderr).toContain(`is being recorded by process ${process.pid}`);
    expect(code).toBe(4);
  }
  expect(contentOf(folder)).toEqual(content);
});

test.each([
  ['boot', 'boot_id', '00000000-0000-0000-0000-000000000000'],
  ['container', 'pid_namespace', '17'],
])('whether a recorder of another %s is dead, the user has to know', async (_what, key, value) => {
  const folder = killedCopyOf(original);
  editJson(join(folder, 'meta.json'), ({ recorder }) => (recorder[key] = value));
  const refused = await cli('episode', 'recover', folder);
  expect(refused.stderr).toMatch(/is not this one.*\n.*--force/s);
  expect(refused.code).toBe(4);
  expect((await cli('episode', 'recover', folder, '--force')).code).toBe(0);
  await expectValid(folder);
});

test('a flock in the working folder is not taken for the tool', async () => {
  const [folder, cwd] = [killedCopyOf(original), temporaryFolder()];
  writeFileSync(join(cwd, 'flock'), `#!/bin/sh\ntouch ${cwd}/ran\n`, { mode: 0o755 });
  const env = { PATH: `.:${process.env.PATH}` };
  expect((await startCli(['episode', 'recover', folder], { cwd, env }).outcome).code).toBe(0);
  expect(existsSync(join(cwd, 'ran'))).toBe(false);
});

test('of two at once one recovers', async () => {
  const folder = killedCopyOf(original);
  const holder = spawn('flock', [folder, 'sleep', '100'], { detached: true, stdio: 'ignore' });
  await until(() => readFileSync('/proc/locks', 'latin1').includes(String(holder.pid)));
  const { code, stderr } = await cli('episode', 'recover', folder);
  process.kill(-holder.pid!, 'SIGKILL');
  await once(holder, 'exit');
  expect(stderr).toContain('another process is recovering');
  expect(code).toBe(4);
  await recover(folder);
  await expectValid(folder);
});

test.each([
  [
    'a link in the place of a log',
    (folder: string) => aside(folder, 'events.jsonl'),
    /events\.jsonl is no regular file/,
  ],
  ['a folder that is a link', (folder: string) => aside(folder, 'telemetry'), /telemetry is no regular file/],
  [
    'a strange file among the telemetry',
    (folder: string) => writeFileSync(telemetry(folder, 'evil'), '{}\n'),
    /evil\.jsonl belongs to no collector/,
  ],
  [
    'a meta.json that is no JSON',
    (folder: string) => truncateSync(join(folder, 'meta.json'), 1000),
    /meta\.json can not be trusted: /,
  ],
  [
    'a meta.json of another episode',
    (folder: string) => editJson(join(folder, 'meta.json'), (meta) => (meta.id = '01ARZ3NDEKTSV4RRFFQ69G5FAV')),
    /is that of episode 01ARZ3NDEKTSV4RRFFQ69G5FAV/,
  ],
  [
    'a configuration that was changed',
    (folder: string) => editJson(join(folder, 'meta.json'), (meta) => (meta.config.duration_ns = 1)),
    /meta\.json can not be trusted: its configuration was changed/,
  ],
  [
    'a row schema that is none',
    (folder: string) =>
      editJson(join(folder, 'meta.json'), (meta) => (meta.collectors[0].row_schema = { type: 'cow' })),
    /the row schema of \w+ in meta\.json can not be used/,
  ],
])('%s: a sentence, and nothing was changed', async (_what, harm, words) => {
  const folder = killedCopyOf(original);
  harm(folder);
  const content = contentOf(folder);
  const { code, stderr } = await cli('episode', 'recover', folder);
  expect(stderr).toMatch(words);
  expect(stderr).not.toMatch(/^ +at /m);
  expect(code).toBe(1);
  expect(contentOf(folder)).toEqual(content);
});

function aside(folder: string, name: string): void {
  const elsewhere = join(temporaryFolder(), basename(name));
  renameSync(join(folder, name), elsewhere);
  symlinkSync(elsewhere, join(folder, name));
}

test('several at once: each is told, and what can not be recovered keeps none of the others', async () => {
  const [whole, torn, finished] = [killedCopyOf(original), killedCopyOf(original), copyOf(original)];
  appendFileSync(telemetry(torn, 'system'), '{');
  const { code, stdout } = await cli('episode', 'recover', finished, torn, whole, '--json');
  expect(code).toBe(3);
  const { episodes } = JSON.parse(stdout);
  expect(episodes.map(({ error, lost }: { error: { code: string }; lost: [] }) => error?.code ?? lost.length)).toEqual([
    'EPISODE_FINISHED',
    1,
    0,
  ]);
  for (const folder of [whole, torn]) await expectValid(folder);
});

test('one that could not be looked at is no success, whatever became of the others', async () => {
  const { code, stdout } = await cli('episode', 'recover', killedCopyOf(original), '/nowhere', copyOf(original));
  expect(stdout).toContain('there is no episode "/nowhere"');
  expect(code).toBe(4);
});

test('rows of a stream that are gone without a trace are told by the seq behind them', async () => {
  const folder = killedCopyOf(original);
  editText(telemetry(folder, 'words'), (text) => text.split('\n').toSpliced(2, 3).join('\n'));
  const { lost } = await recover(folder);
  expect(lost).toEqual([{ file: 'telemetry/words.jsonl', reason: 'damaged', lines: 3, bytes: 0 }]);
  await expectValid(folder);
});
