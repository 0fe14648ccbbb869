import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { cli, ROOT, startCli, temporaryFolder } from '../support/cli.js';

const me = ['--target-pid', String(process.pid)];

test.each<[string, string[], number, RegExp]>([
  ['no target', [], 2, /target is missing: give --target-pid/],
  ['two targets', [...me, '--', 'sleep', '1'], 2, /two targets/],
  ['a pid that does not exist', ['--target-pid', '4194303'], 4, /no process with pid 4194303/],
  [
    'a pid that is no number',
    ['--target-pid', 'me'],
    2,
    /^Error: Parsing --target-pid: Expected an integer but received: me\n/,
  ],
  ['a command that does not exist', ['--', 'no-such-program-490'], 4, /no program "no-such-program-490".*in PATH/],
  ['a command that can not be run', ['--', '/etc/passwd'], 4, /no program "\/etc\/passwd" that can be run/],
  ['an empty command', ['--'], 2, /no command follows "--"/],
  ['interval 0', [...me, '--interval', '0ms'], 2, /interval is "0ms"; it must be longer than 0/],
  [
    'an interval without a unit',
    [...me, '--interval', '100'],
    2,
    /interval is "100"; it must be a duration with its unit/,
  ],
  ['duration 0', [...me, '--duration', '0s'], 2, /duration is "0s"/],
  [
    'phases that do not add up',
    [...me, '--phase', 'a:benign:1s', '--phase', 'b:benign:2s', '--duration', '5s'],
    2,
    /duration is "5s", but the phases add up to 3s/,
  ],
  [
    'a label that nobody knows',
    [...me, '--phase', 'a:evil:1s'],
    2,
    /label is "evil"; it must be one of benign, malicious, unknown, unlabelled/,
  ],
  ['half a phase', [...me, '--phase', 'a:benign'], 2, /--phase "a:benign" is no NAME:LABEL:DURATION/],
  [
    'a collector that nobody knows',
    [...me, '--collector', 'host_prc'],
    2,
    /no collector "host_prc"; there are .*host_proc, .*system/,
  ],
  ['an unknown flag', [...me, '--fast'], 2, /Nonexistent flag: --fast/],
  [
    'a configuration that does not exist',
    ['--config', 'nowhere.yaml'],
    2,
    /nowhere.yaml can not be read: there is no such file/,
  ],
])('%s: a sentence, an exit code, nothing written', async (_name, args, exitCode, message) => {
  const output = join(temporaryFolder(), 'out');
  const { code, stdout, stderr } = await startCli(['episode', 'start', '--output', output, ...args]).outcome;
  expect(code, stderr).toBe(exitCode);
  expect(stderr).toMatch(message);
  expect(stderr).not.toContain('    at ');
  expect(stdout).toBe('');
  expect(existsSync(output) && readdirSync(output).length > 0).toBe(false);
});

test('all problems of a configuration are told at once, each with its path and value', async () => {
  const folder = temporaryFolder();
  const config = join(folder, 'c.yaml');
  writeFileSync(
    config,
    `target: { type: pid, pid: 0 }
bogus: 1
phases: [{ name: a, label: evil, duration: 3 }, { name: b, label: evil, duration: 0s }]
collectors: { system: { interval: 0ms, options: { colour: red } }, ghost: {} }
`,
  );
  const { code, stderr } = await cli('episode', 'start', '--config', config, '--output', join(folder, 'out'));
  expect(code).toBe(2);
  for (const words of [
    'target.pid is 0',
    'bogus: there is no such key',
    'phases[0].duration is 3',
    'phases[0].label is "evil"',
    'phases[1].label is "evil"',
    'phases[1].duration is "0s"',
    'collectors.system.interval is "0ms"',
    'collectors.system.options.colour',
    'no collector "ghost"',
  ]) {
    expect(stderr).toContain(words);
  }
  expect(existsSync(join(folder, 'out'))).toBe(false);
});

test('an output folder that can not be written', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'file'), '');
  mkdirSync(join(folder, 'closed'));
  chmodSync(join(folder, 'closed'), 0o500);
  for (const output of [
    join(folder, 'file'),
    join(folder, 'file/below'),
    '/proc/nowhere',
    ...(process.getuid?.() === 0 ? [] : [join(folder, 'closed')]),
  ]) {
    const { code, stderr } = await cli('episode', 'start', ...me, '--output', output);
    expect(code).toBe(4);
    expect(stderr).toContain(`the output folder ${output} can not be written`);
  }
});

test('a configuration found by searching is data: a .cis490rc.js is not even looked at', async () => {
  const folder = temporaryFolder();
  writeFileSync(
    join(folder, '.cis490rc.js'),
    `require('fs').writeFileSync(${JSON.stringify(join(folder, 'executed'))}, '')`,
  );
  writeFileSync(
    join(folder, '.cis490rc.cjs'),
    `require('fs').writeFileSync(${JSON.stringify(join(folder, 'executed'))}, '')`,
  );
  const { stdout } = await startCli(['config', 'show', ...me, '--json'], { cwd: folder }).outcome;
  expect(JSON.parse(stdout).path).toBe(null);
  const { code } = await startCli(['config', 'show', ...me, '--config', '.cis490rc.js'], { cwd: folder }).outcome;
  expect(code).toBe(2);
  expect(existsSync(join(folder, 'executed'))).toBe(false);
});

test('config init writes a file that is valid, and never overwrites one', async () => {
  const cwd = temporaryFolder();
  const run = (...args: string[]) => startCli(['config', ...args], { cwd }).outcome;
  expect((await run('init')).code).toBe(0);
  expect(await run('validate')).toMatchObject({ code: 0, stdout: expect.stringContaining('valid, 1 phase in 5s') });
  const [, schema] = /\$schema=(\S+)/.exec(readFileSync(join(cwd, '.cis490rc'), 'utf8'))!;
  expect(readFileSync(resolve(cwd, schema!))).toEqual(readFileSync(join(ROOT, 'schemas/config.schema.json')));
  const again = await run('init');
  expect(again.code).toBe(2);
  expect(again.stderr).toContain('exists already');
});

test('a dry run starts nothing and writes nothing', async () => {
  const folder = temporaryFolder();
  const { code, stdout } = await startCli([
    'episode',
    'start',
    '--dry-run',
    '--output',
    join(folder, 'out'),
    '--',
    'touch',
    join(folder, 'touched'),
  ]).outcome;
  expect(code).toBe(0);
  expect(stdout).toMatch(/host_proc\s+oracle\s+ok/);
  expect(readdirSync(folder)).toEqual([]);
});

test('an unknown command is wrong usage', async () => {
  expect((await cli('episode', 'strat')).code).toBe(2);
});
