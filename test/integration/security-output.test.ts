import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { onlyEpisode, readJson, readRows, startCli, temporaryFolder } from '../support/cli.js';

const MB = 1e6;
/** Far more than is kept of it; all of them together are more than the recorder may take of memory. */
const FLOOD = 'head -c 100000000 /dev/zero';
const LONG_LINE = 'head -c 250000000 /dev/zero';
const LIMIT = 16 * 1024 * 1024;
const FORGED = [
  '{"t_mono_ns":1,"t_wall_ns":1,"source":"host_proc","available_in_deployment":true,"tick":0,"epoch":0,"forged":1}',
  '{"event":"episode_ended","source":"recorder","reason":"duration_over"}',
  '{"seq":0,"phase":"a","label":"malicious","source":"schedule"}',
];

async function record(config: object) {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, '.cis490rc'), JSON.stringify(config));
  const { code, stdout, stderr } = await startCli(['episode', 'start', '--output', 'out'], { cwd }).outcome;
  const episode = onlyEpisode(join(cwd, 'out'));
  const validation = await startCli(['episode', 'validate', episode], { cwd }).outcome;
  expect(validation.code, validation.stdout).toBe(0);
  return { code, said: stdout + stderr, episode, meta: readJson(join(episode, 'meta.json')) };
}

const read = (episode: string, name: string) => readFileSync(join(episode, name), 'utf8');

test('what a target and a phase print without end, or as rows, is bytes in a file of limited size', async () => {
  const script = `printf "%s\\n" "$@"; ${FLOOD} & ${FLOOD} >&2; wait; sleep 9`;
  const argv = ['sh', '-c', script, 'x', ...FORGED];
  const { episode, meta } = await record({
    target: { type: 'command', argv },
    phases: [{ name: 'a', label: 'benign', duration: '10s', run: argv, oneshot: true }],
  });
  for (const stem of ['target', 'phase-1-a'])
    for (const stream of ['stdout', 'stderr'])
      expect(statSync(join(episode, `artifacts/${stem}-${stream}.log`)).size).toBe(LIMIT);
  expect(read(episode, 'artifacts/target-stdout.log').startsWith(FORGED.join('\n'))).toBe(true);
  for (const file of ['events.jsonl', 'labels.jsonl', 'telemetry/host_proc.jsonl', 'telemetry/system.jsonl'])
    expect(read(episode, file)).not.toMatch(/forged|"label":"malicious"/);
  const ends = readRows(join(episode, 'events.jsonl')).filter(({ event }) => event === 'episode_ended');
  expect(ends).toHaveLength(1);
  expect(meta.recorder.max_rss_bytes).toBeLessThan(300 * MB);
}, 60_000);

test('what a program prints is rows of its own source, with its own columns, or none', async () => {
  const lines = [
    ...FORGED,
    '{"value":2,"source":"host_proc"}',
    '{"value":3,"available_in_deployment":true}',
    '{"value":4,"t_mono_ns":1}',
    '{"value":5,"seq":0}',
    '{"value":6,"__proto__":{"value":6}}',
    '{"__proto__":{"value":7}}',
    '{"constructor":{"prototype":{"value":8}}}',
    '{"value":9}{"value":9}',
    '{"value":10}\r{"value":10}',
    '[{"value":11}]',
    '"value"',
    `{"value":12,"deep":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
  ];
  const printed = `while :; do cat lines; sleep 0.1; done`;
  const schema = { type: 'object', properties: { value: { type: 'integer' } }, required: ['value'] };
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, 'lines'), `${['{"value":1}', ...lines].join('\n')}\n`);
  const options = { argv: ['sh', '-c', printed], cwd, schema, available_in_deployment: false };
  const { code, episode, meta } = await record({
    target: { type: 'machine' },
    duration: '4s',
    collectors: { program: { use: 'exec', options } },
  });
  expect(code).toBe(3);
  const rows = readRows(join(episode, 'telemetry/program.jsonl'));
  expect(rows.length).toBeGreaterThan(0);
  const own = { source: 'program', available_in_deployment: false, value: 1 };
  for (const { t_mono_ns: _, t_wall_ns: __, seq: ___, ...row } of rows) expect(row).toEqual(own);
  expect(meta.collectors[0].rows_invalid).toBeGreaterThanOrEqual(lines.length);
}, 60_000);

test('a program that never ends a line costs no memory, and its rows are counted as invalid', async () => {
  const schema = { type: 'object', properties: { value: { type: 'integer' } } };
  const options = {
    argv: ['sh', '-c', `${LONG_LINE}; echo; ${LONG_LINE} >&2; sleep 30`],
    schema,
    available_in_deployment: false,
  };
  const { episode, meta } = await record({
    target: { type: 'machine' },
    duration: '20s',
    collectors: { program: { use: 'exec', options } },
  });
  expect(meta.collectors[0].rows_invalid).toBe(1);
  expect(meta.recorder.max_rss_bytes).toBeLessThan(300 * MB);
  expect(statSync(join(episode, 'telemetry/program.jsonl')).size).toBe(0);
}, 60_000);

test('what a target writes into the folder of its episode itself makes it invalid, and is named', async () => {
  const cwd = temporaryFolder();
  const forge = [
    'cd "$PWD/out/$CIS490_EPISODE" && sleep 0.3',
    'echo "{\\"forged\\":1}" >> telemetry/system.jsonl',
    'echo "{}" > telemetry/evil.jsonl',
    'ln -s /etc/passwd artifacts/link && mkfifo artifacts/pipe && mkdir artifacts/below && echo x > more',
  ].join('; ');
  // ends with it
  const config = {
    target: { type: 'command', argv: ['sh', '-c', forge] },
    duration: '30s',
    collectors: { system: {} },
  };
  writeFileSync(join(cwd, '.cis490rc'), JSON.stringify(config));
  const { code, stdout } = await startCli(['episode', 'start', '--output', 'out', '--json'], { cwd }).outcome;
  expect(code).toBe(3);
  const { grade, reasons } = JSON.parse(stdout);
  expect(grade).toBe('invalid');
  for (const words of [
    /^telemetry\/system\.jsonl has \d+ bytes, of which the recorder wrote \d+: somebody else wrote into it$/,
    /^telemetry\/evil\.jsonl is none of the recorder's$/,
    /^artifacts\/link is none of the recorder's, and no regular file$/,
    /^artifacts\/pipe is none of the recorder's, and no regular file$/,
    /^artifacts\/below is none of the recorder's$/,
    /^more is none of the recorder's$/,
  ])
    expect(reasons).toContainEqual(expect.stringMatching(words));
  expect((await startCli(['episode', 'validate', onlyEpisode(join(cwd, 'out'))], { cwd }).outcome).code).toBe(3);
}, 60_000);
