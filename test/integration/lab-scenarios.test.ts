import { spawn } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultLoaders } from 'cosmiconfig';
import { expect, test } from 'vitest';
import { cli, onlyEpisode, ROOT, readJson, readRows, temporaryFolder, watch } from '../support/cli.js';
import { labImage, labTest } from '../support/lab.js';
import { TOLERANT_OF_GUESTS } from '../support/tolerant.js';

/** Long enough that a slow machine prepares its files, and is not blamed for phases that begin late. */
const DURATIONS: Record<string, unknown> = { prepare: '60s', action: { min: '12s', max: '14s' } };
const OTHER = { min: '6s', max: '8s' };

/** A scenario as it is, but shorter, and with fewer samples: a test's machine is busy. */
function shortened(name: string): string {
  const path = join(ROOT, 'examples/lab', name);
  const config = defaultLoaders['.yaml'](path, readFileSync(path, 'utf8'));
  for (const phase of config.phases) phase.duration = DURATIONS[phase.name] ?? OTHER;
  for (const collector of Object.values<{ interval: string }>(config.collectors)) collector.interval = '500ms';
  config.grade = TOLERANT_OF_GUESTS;
  const copy = join(temporaryFolder(), 'config.json');
  writeFileSync(copy, JSON.stringify(config));
  return copy;
}

async function record(name: string) {
  const output = temporaryFolder();
  const { code, stderr } = await cli('episode', 'start', '--config', shortened(name), '--output', output);
  expect(code, stderr).toBe(0);
  const folder = onlyEpisode(output);
  const { code: valid, stdout } = await cli('episode', 'validate', folder);
  expect(valid, stdout).toBe(0);
  const rows = (file: string) => readRows(join(folder, file));
  return { meta: readJson(join(folder, 'meta.json')), rows };
}

type Episode = Awaited<ReturnType<typeof record>>;

/** What is told of a phase: the labels that it got, and what became of its action. */
const labelsOf = ({ rows }: Episode, phase: string) => rows('labels.jsonl').filter((row) => row.phase === phase);
const exitOf = ({ rows }: Episode, phase: string) =>
  rows('events.jsonl').find((row) => row.event === 'action_exited' && row.phase === phase);

/** Bytes that the guest wrote to its disks in the plain part of a phase. */
function writtenIn(episode: Episode, phase: string): number {
  const from = labelsOf(episode, phase).find(({ confirmed }) => confirmed).t_mono_ns;
  const { end_ns } = episode.meta.phases.find(({ name }: { name: string }) => name === phase);
  const own = episode.rows('telemetry/system.jsonl').filter((row) => row.t_mono_ns >= from && row.t_mono_ns < end_ns);
  return own.at(-1).disk_write_bytes - own[0].disk_write_bytes;
}

labTest(
  'ransomware and its twin are recorded whole, through the same phases, and do their work',
  async (context) => {
    await labImage(context);
    const [malicious, benign] = [await record('ransomware.yaml'), await record('backup.yaml')];
    expect(
      benign.meta.planned_phases.map(({ start_ns, end_ns }: Record<string, number>) => [start_ns, end_ns]),
    ).toEqual(malicious.meta.planned_phases.map(({ start_ns, end_ns }: Record<string, number>) => [start_ns, end_ns]));
    expect(labelsOf(malicious, 'action')[0]).toMatchObject({ label: 'malicious', technique: 'T1486', confirmed: true });
    expect(labelsOf(benign, 'action')[0]).toMatchObject({ label: 'benign', confirmed: true });
    for (const episode of [malicious, benign]) {
      expect(labelsOf(episode, 'prepare').map(({ label }) => label)).not.toContain('benign');
      expect(exitOf(episode, 'prepare')).toMatchObject({ code: 0, expected: false });
      expect(exitOf(episode, 'action')).toMatchObject({ expected: true });
      expect(writtenIn(episode, 'action')).toBeGreaterThan(5e5);
      expect(writtenIn(episode, 'baseline')).toBeLessThan(5e5);
    }
  },
  600_000,
);

function demo(args: string[], env: NodeJS.ProcessEnv) {
  const argv = [join(ROOT, 'examples/lab/demo/main.mjs'), ...args];
  return watch(spawn(process.execPath, argv, { cwd: temporaryFolder(), env: { ...process.env, ...env } })).outcome;
}

test('the demo tells what it lacks in the words of the program, and exits as that does', async () => {
  const bin = temporaryFolder();
  symlinkSync('/bin/false', join(bin, 'qemu-system-x86_64'));
  const { code, stderr, stdout } = await demo([], { PATH: bin, CIS490_LAB: temporaryFolder() });
  expect(stderr).toMatch(/Error: there is no lab image.*\nBuilding it:.*Error: .*apt/s);
  expect(stderr).not.toMatch(/^ +at /m);
  expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
});

labTest('so it does without QEMU', async (context) => {
  await labImage(context);
  const { code, stderr } = await demo([], { PATH: '/nonexistent' });
  expect(stderr).toMatch(/Error: .*qemu/i);
  expect(code).toBe(4);
});

test('the demo knows two networks', async () => {
  const { code, stderr } = await demo(['--network', 'bridged'], {});
  expect(stderr).toContain('Error: no network "bridged" for the tour; there are isolated (needs root) and restricted');
  expect(code).toBe(2);
});
