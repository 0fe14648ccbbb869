import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BIN, onlyEpisode, readJson, startCli, temporaryFolder, watch } from '../support/cli.js';

/** What a terminal acts on, or shows otherwise than it is; a line feed too, in the midst of what somebody else says. */
const ACTS = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const ESCAPES = '\x1b]0;owned\x07\x1b[31m\u009b2J\u202e\u2028\u200b';
const FORGED = 'complete (duration_over), grade ok';
const HOSTILE = `${ESCAPES}\n${FORGED}`;

/** A program whose rows and words are both hostile, and a plugin that is in all that it says. */
function hostileFolder(): string {
  const cwd = join(temporaryFolder(), `folder${ESCAPES}`);
  mkdirSync(cwd);
  const words = JSON.stringify(HOSTILE);
  writeFileSync(
    join(cwd, 'hostile.mjs'),
    `const words = ${words};
    const text = { type: 'string', kind: 'state', description: 'Text.' };
    export default { apiVersion: 1, kind: 'polled', name: 'hostile', version: words, rowVersion: 1, summary: ${JSON.stringify(ESCAPES)},
      availableInDeployment: { value: false, rationale: words }, fields: { text },
      options: { type: 'object', additionalProperties: false, properties: {} },
      probe: () => ({ status: 'partial', reason: words, remedy: words }),
      create: (_, context) => ({ start() { console.log(words); process.stderr.write(words); },
        sample(tick) { context.event(words, { [words]: words }); if (tick % 2) throw new Error(words); return { text: words }; } }) };`,
  );
  const printed = ['printf "%s\\n" "$0"', 'printf "%s" "$0" >&2', 'sleep 3', 'exit 7'].join('; ');
  const rows = { type: 'object', properties: { value: { type: 'integer' } } };
  const program = { argv: ['sh', '-c', printed, HOSTILE], schema: rows, available_in_deployment: false };
  const config = {
    target: { type: 'command', argv: ['sh', '-c', 'printf "%s" "$0" "$0" >&2; sleep 20', HOSTILE] },
    duration: '6s',
    notes: HOSTILE,
    plugins: ['./hostile.mjs'],
    collectors: { hostile: {}, program: { use: 'exec', options: program }, host_proc: {} },
  };
  writeFileSync(join(cwd, '.cis490rc'), JSON.stringify(config));
  return cwd;
}

function expectHarmless(text: string): void {
  expect(text).not.toMatch(ACTS);
  // the recorder's own verdict is another one: such a line is forged
  expect(text.split('\n').filter((line) => line.trim().startsWith(FORGED))).toEqual([]);
}

test('what a target, a program and a plugin say acts neither on the terminal nor in the files, and makes no line', async () => {
  const cwd = hostileFolder();
  const { code, stdout, stderr } = await startCli(['episode', 'start'], { cwd }).outcome;
  expect(code, stderr).toBe(3);
  expectHarmless(stdout);
  expectHarmless(stderr);
  expect(stderr).toContain('owned');
  const episode = onlyEpisode(join(cwd, 'data/episodes'));
  for (const file of ['meta.json', 'done.marker', 'events.jsonl', 'labels.jsonl', 'telemetry/hostile.jsonl'])
    expect(readFileSync(join(episode, file), 'utf8')).not.toMatch(ACTS);
  expect(readJson(join(episode, 'meta.json')).notes).toBe(HOSTILE);
  expect(readFileSync(join(episode, 'artifacts/target-stderr.log'), 'utf8')).toBe(HOSTILE.repeat(2));
  for (const command of [
    ['episode', 'show', episode],
    ['episode', 'list'],
    ['episode', 'validate', episode],
    ['collector', 'describe', 'hostile'],
    ['collector', 'probe', 'hostile'],
    ['config', 'show'],
  ])
    for (const form of [[], ['--json']]) {
      const shown = await startCli([...command, ...form], { cwd }).outcome;
      expect(shown.stdout, shown.stderr).not.toBe('');
      expectHarmless(shown.stdout);
      expectHarmless(shown.stderr);
    }
}, 90_000);

test('nor on a terminal that shows the progress', async () => {
  const cwd = hostileFolder();
  const command = `'${process.execPath}' '${BIN}' episode start --output out`;
  const { stdout } = await watch(
    spawn('script', ['-qec', command, '/dev/null'], { cwd, stdio: ['ignore', 'pipe', 'pipe'] }),
  ).outcome;
  expect(stdout).toContain('grade invalid');
  expect(stdout).toContain('owned');
  expect(stdout).not.toContain('\x1b]0;');
  for (const character of ['\x07', '\u009b', '\u202e', '\u2028', '\u200b']) expect(stdout).not.toContain(character);
});

test('what stands in a forged episode acts on no terminal, and makes no line', async () => {
  const cwd = hostileFolder();
  await startCli(['episode', 'start'], { cwd }).outcome;
  const episode = onlyEpisode(join(cwd, 'data/episodes'));
  const forged = join(temporaryFolder(), readdirSync(join(cwd, 'data/episodes'))[0]!);
  cpSync(episode, forged, { recursive: true });
  const marker = readJson(join(forged, 'done.marker'));
  const look = async (command: string, ...args: string[]) => {
    const { stdout, stderr } = await startCli(['episode', command, ...args], { cwd }).outcome;
    expect(stdout, stderr).toContain('owned');
    expectHarmless(stdout);
    expectHarmless(stderr);
  };
  writeFileSync(join(forged, 'done.marker'), JSON.stringify({ ...marker, reasons: [HOSTILE] }));
  await look('show', forged);
  const strings = { status: HOSTILE, end_reason: HOSTILE, grade: HOSTILE };
  writeFileSync(join(forged, 'done.marker'), JSON.stringify({ ...marker, ...strings }));
  writeFileSync(join(forged, `telemetry/${ESCAPES}\n${FORGED}`), '');
  await look('list', '--output', join(forged, '..'));
  await look('validate', forged);
});

test('nor does an error that quotes what is wrong', async () => {
  const cwd = hostileFolder();
  const wrong = {
    [HOSTILE]: 1,
    target: { type: 'command', argv: [7], cwd: HOSTILE },
    operator: `${HOSTILE}\0`.repeat(99),
  };
  writeFileSync(join(cwd, 'wrong.json'), JSON.stringify(wrong));
  for (const args of [
    ['--config', 'wrong.json'],
    ['--config', `none${HOSTILE}`],
    ['--collector', HOSTILE],
    ['--id', HOSTILE],
    [`--${HOSTILE}`],
    ['--', HOSTILE],
  ])
    for (const form of [[], ['--json']]) {
      const { code, stdout, stderr } = await startCli(['episode', 'start', ...form, ...args], { cwd }).outcome;
      expect([2, 4], stderr).toContain(code);
      expect(stderr).toContain('owned');
      expectHarmless(stdout);
      expect(stderr).not.toMatch(ACTS);
      expect(stderr.split('\n')).not.toContain(FORGED);
    }
}, 60_000);
