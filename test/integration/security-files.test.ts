import { spawn } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BIN, cli, onlyEpisode, plugin, readJson, startCli, temporaryFolder, until, watch } from '../support/cli.js';
import { copyOf, unfinish } from '../support/unfinished.js';

const ID = '01ARZ3NDEKTSV4RRFFQ69G5FAV';

/** The program as a shell with this umask starts it. */
const withUmask = (umask: string, cwd: string, ...args: string[]) =>
  watch(spawn('sh', ['-c', `umask ${umask}; exec "$@"`, 'sh', process.execPath, BIN, ...args], { cwd })).outcome;

/** What is open to more than its owner, and the group's reading. */
function tooOpen(folder: string): string[] {
  return (readdirSync(folder, { recursive: true }) as string[]).filter((name) => {
    const { mode } = lstatSync(join(folder, name));
    return (mode & 0o7777 & ~(lstatSync(join(folder, name)).isDirectory() ? 0o750 : 0o640)) !== 0;
  });
}

test('whatever the umask, nothing that is made can be read by others or written by the group', async () => {
  const cwd = temporaryFolder();
  const say = ['sh', '-c', 'echo out; echo err >&2; sleep 5'];
  const rows = { type: 'object', properties: { value: { type: 'integer' } } };
  const program = { argv: say, schema: rows, available_in_deployment: false };
  const config = {
    target: { type: 'command', argv: say },
    phases: [{ name: 'a', label: 'benign', duration: '3s', run: say }],
    plugins: [plugin('kinds.mjs')],
    collectors: { host_proc: {}, two_cards: {}, program: { use: 'exec', options: program } },
  };
  writeFileSync(join(cwd, 'c.json'), JSON.stringify(config));
  await withUmask('0', cwd, 'episode', 'start', '--config', 'c.json', '--output', 'made/for/it');
  const episode = onlyEpisode(join(cwd, 'made/for/it'));
  expect(readdirSync(join(episode, 'artifacts')).length).toBeGreaterThan(4);
  expect(tooOpen(join(cwd, 'made'))).toEqual([]);
  const label = ['--revises', '0', '--label', 'unknown', '--why', 'a test'];
  expect((await withUmask('0', cwd, 'episode', 'label', episode, ...label)).code).toBe(0);
  const unfinished = copyOf(episode);
  unfinish(unfinished);
  await withUmask('0', cwd, 'episode', 'recover', unfinished);
  expect(existsSync(join(unfinished, 'done.marker'))).toBe(true);
  expect([...tooOpen(episode), ...tooOpen(unfinished)]).toEqual([]);
  await withUmask('0', cwd, 'config', 'init');
  expect(lstatSync(join(cwd, '.cis490rc')).mode & 0o777).toBe(0o640);
}, 90_000);

test('a link in the place of an episode is a taken id', async () => {
  const [output, victim] = [temporaryFolder(), temporaryFolder()];
  symlinkSync(victim, join(output, ID));
  const { code, stderr } = await cli('episode', 'start', '--id', ID, '--output', output, '--', 'sleep', '5');
  expect(code).toBe(2);
  expect(stderr).toContain(`there is an episode ${ID} in ${output} already`);
  expect(readdirSync(output)).toEqual([ID]);
  expect(readdirSync(victim)).toEqual([]);
});

/** Records while somebody does something to the folder that is there, and in which nothing is recorded yet. */
async function recordMeddled(meddle: (folder: string) => void) {
  const cwd = temporaryFolder();
  const config = {
    target: { type: 'command', argv: ['sh', '-c', 'echo x; sleep 5'] },
    duration: '500ms',
    output: 'out',
    plugins: [plugin('misbehaving.mjs')],
    collectors: { starts_when_told: { options: { path: join(cwd, 'go') } } },
  };
  writeFileSync(join(cwd, '.cis490rc'), JSON.stringify(config));
  const recording = startCli(['episode', 'start', '--id', ID], { cwd });
  await until(() => existsSync(join(cwd, 'out', ID)), 60_000);
  meddle(join(cwd, 'out', ID));
  writeFileSync(join(cwd, 'go'), '');
  return { ...(await recording.outcome), output: join(cwd, 'out'), folder: join(cwd, 'out', ID) };
}

test.each([
  ['and is refused before anything was recorded', ['events.jsonl', 'labels.jsonl'], 4],
  ['and makes it invalid', ['artifacts/target-stdout.log', 'meta.json.tmp', 'done.marker.tmp'], 3],
])('a link that is put into the folder of an episode is not written through, %s', async (_what, names, expected) => {
  const victim = join(temporaryFolder(), 'victim');
  writeFileSync(victim, 'precious');
  const { code, stderr, output } = await recordMeddled((folder) => {
    for (const name of names) symlinkSync(victim, join(folder, name));
  });
  expect(readFileSync(victim, 'utf8'), stderr).toBe('precious');
  expect(code, stderr).toBe(expected);
  if (expected === 4) expect(existsSync(output)).toBe(false);
});

test.each(['telemetry', 'artifacts'])('a link in the place of %s/ makes no episode that is trusted', async (name) => {
  const victim = temporaryFolder();
  for (const file of ['starts_when_told.jsonl', 'target-stdout.log']) writeFileSync(join(victim, file), 'precious');
  const { code, stderr, folder } = await recordMeddled((each) => {
    renameSync(join(each, name), join(each, '../../was'));
    symlinkSync(victim, join(each, name));
  });
  for (const file of ['starts_when_told.jsonl', 'target-stdout.log'])
    expect(readFileSync(join(victim, file), 'utf8')).toBe('precious');
  expect([1, 3, 4], stderr).toContain(code);
  if (code === 3) expect(readJson(join(folder, 'done.marker')).grade).toBe('invalid');
  else expect(existsSync(join(folder, 'done.marker'))).toBe(false);
});
