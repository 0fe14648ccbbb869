import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { onlyEpisode, readJson, startCli, temporaryFolder } from '../support/cli.js';

/** Every secret of these tests has it in it, so none is looked for in vain. */
const SECRET = /hunter/;
/** Of the recorder itself. */
const ENVIRONMENT = { MY_SETTING: 'hunter-1', API_TOKEN: 'hunter-2', NODE_EXTRA: 'hunter-3', AWS_PROFILE: 'hunter-4' };
/** docs/threat-model.md: a dozen harmless names. */
const PASSED_ON = /^(?:PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_[A-Z]+|TZ|TMPDIR|LD_LIBRARY_PATH|CIS490_RECORDER)$/;

function folderWith(config: object): string {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, '.cis490rc'), JSON.stringify(config));
  return cwd;
}

const QUIET_ARGV = [
  'sh',
  '-c',
  'sleep 5 # mysql -phunter --password hunter',
  'x',
  '--token',
  'hunter',
  '-e',
  'KEY=hunter',
];

/** With secrets wherever a configuration can have them. */
const TELLING = {
  target: { type: 'command', argv: QUIET_ARGV, env: { DB_PASSWORD: 'hunter', URL: 'https://me:hunter@example.org/' } },
  notes: 'recorded with --api-key hunter at https://me:hunter@example.org',
  operator: 'me:hunter@host',
  scenario: { id: 'token=hunter' },
  tags: ['Bearer hunter'],
  phases: [{ name: 'a', label: 'benign', duration: '3s', run: [...QUIET_ARGV, 'curl', '-u', 'me:hunter'] }],
  collectors: {
    host_proc: {},
    program: {
      use: 'exec',
      options: {
        argv: ['sh', '-c', 'env >&2; while echo "{}"; do sleep 0.1; done', 'x', '--secret=hunter'],
        env: { GITHUB_TOKEN: 'hunter' },
        schema: { type: 'object', properties: { value: { type: 'integer' } } },
        available_in_deployment: false,
      },
    },
  },
};

test('no secret of a configuration enters an episode or what is shown of it', async () => {
  const cwd = folderWith(TELLING);
  const { stdout, stderr } = await startCli(['episode', 'start', '--json'], { cwd }).outcome;
  const episode = onlyEpisode(join(cwd, 'data/episodes'));
  for (const name of readdirSync(episode, { recursive: true }) as string[])
    if (/\.(?:jsonl?|marker)$/.test(name)) expect(readFileSync(join(episode, name), 'utf8'), name).not.toMatch(SECRET);
  const meta = readJson(join(episode, 'meta.json'));
  for (const argv of [meta.target.argv, meta.config.target.argv, meta.planned_phases[0].run])
    expect(argv.slice(0, 6)).toEqual([
      'sh',
      '-c',
      'sleep 5 # mysql -p[redacted] --password [redacted]',
      'x',
      '--token',
      '[redacted]',
    ]);
  for (const command of [
    ['config', 'show'],
    ['episode', 'show', episode],
    ['episode', 'start', '--dry-run'],
  ]) {
    const shown = await startCli([...command, '--json'], { cwd }).outcome;
    expect(shown.code, shown.stderr).toBe(0);
    expect(stdout + stderr + shown.stdout + shown.stderr).not.toMatch(SECRET);
  }
});

test('nor does a secret of a process that is observed, or of an error', async () => {
  const target = spawn('sh', ['-c', 'sleep 60 # --password hunter', 'x', '--token=hunter'], { stdio: 'ignore' });
  onTestFinished(() => void target.kill('SIGKILL'));
  const cwd = folderWith({});
  const args = ['episode', 'start', '--target-pid', String(target.pid), '--duration', '1s', '--output', 'out'];
  await startCli(args, { cwd }).outcome;
  const meta = readFileSync(join(onlyEpisode(join(cwd, 'out')), 'meta.json'), 'utf8');
  expect(meta).toContain('--token=[redacted]');
  expect(meta).not.toMatch(SECRET);
  const env = { TOKEN: 'hunter\0', FINE: 5 };
  const options = { argv: ['true'], env: { API_KEY: ['hunter'] }, token: 'hunter' };
  writeFileSync(
    join(cwd, '.cis490rc'),
    JSON.stringify({ target: { type: 'command', argv: ['true'], env }, collectors: { p: { use: 'exec', options } } }),
  );
  for (const form of [[], ['--json']]) {
    const { code, stdout, stderr } = await startCli(['episode', 'start', ...form], { cwd }).outcome;
    expect(code).toBe(2);
    expect(stderr).toMatch(/target\.env\.TOKEN is "\[redacted\]"/);
    expect(stderr).toMatch(/collectors\.p\.options\.env\.API_KEY is \["\[redacted\]"\]/);
    expect(stdout + stderr).not.toMatch(SECRET);
  }
});

test('a plugin and the programs of collectors get a dozen harmless variables, and no arguments; none enters an episode', async () => {
  const cwd = folderWith({
    ...TELLING,
    target: { type: 'command', argv: ['sh', '-c', 'echo "$API_TOKEN"; sleep 5'] },
    plugins: ['./spy.mjs'],
    collectors: { ...TELLING.collectors, spy: {} },
  });
  writeFileSync(
    join(cwd, 'spy.mjs'),
    `const text = { type: 'string', kind: 'state', description: 'Text.' };
    export default { apiVersion: 1, kind: 'polled', name: 'spy', version: '1.0.0', rowVersion: 1, summary: 'Looks around.',
      availableInDeployment: { value: false, rationale: 'A test.' }, fields: { text },
      options: { type: 'object', additionalProperties: false, properties: {} },
      create: () => ({ sample: () => ({ text: JSON.stringify({ env: process.env, argv: process.argv.slice(2), execArgv: process.execArgv }) }) }) };`,
  );
  await startCli(['episode', 'start'], { cwd, env: ENVIRONMENT }).outcome;
  const episode = onlyEpisode(join(cwd, 'data/episodes'));
  const read = (name: string) => readFileSync(join(episode, name), 'utf8');
  const seen = JSON.parse(JSON.parse(read('telemetry/spy.jsonl').split('\n')[0]!).text);
  expect(Object.keys(seen.env).filter((name) => !PASSED_ON.test(name))).toEqual([]);
  expect(seen).toMatchObject({ argv: [], execArgv: [] });
  for (const value of Object.values(ENVIRONMENT)) {
    expect(read('artifacts/program.stderr.log')).not.toContain(value);
    for (const file of ['meta.json', 'events.jsonl', 'done.marker']) expect(read(file)).not.toContain(value);
  }
  // a command is what the user starts: it has the user's environment, and what it prints is kept
  expect(read('artifacts/target-stdout.log')).toBe(`${ENVIRONMENT.API_TOKEN}\n`);
});

test('nor one that a program says when it fails, as far as it has a telling name', async () => {
  const words = 'echo "connect to https://me:hunter@host failed: token=hunter" >&2; sleep 3; exit 7';
  const schema = { type: 'object', properties: { value: { type: 'integer' } } };
  const options = { argv: ['sh', '-c', words], schema, available_in_deployment: false };
  const cwd = folderWith({
    target: { type: 'machine' },
    duration: '6s',
    collectors: { system: {}, p: { use: 'exec', options } },
  });
  const { code, stdout, stderr } = await startCli(['episode', 'start'], { cwd }).outcome;
  expect(code).toBe(3);
  expect(stdout + stderr).toContain('https://[redacted]@host failed: token=[redacted]');
  const episode = onlyEpisode(join(cwd, 'data/episodes'));
  for (const name of ['meta.json', 'events.jsonl', 'done.marker'])
    expect(stdout + stderr + readFileSync(join(episode, name), 'utf8'), name).not.toMatch(SECRET);
});
