import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { SCHEMA_KEYWORDS } from '../../src/core/rows/row-schema.js';
import { cli, onlyEpisode, ROOT, readJson, readRows, temporaryFolder } from '../support/cli.js';
import { TOLERANT } from '../support/tolerant.js';

const PHASES = ['baseline', 'action', 'recovery'].map((name) => ({
  name,
  label: 'benign',
  duration: { min: '1s', max: '2s' },
}));

function configuration(config: object): string {
  const path = join(temporaryFolder(), 'config.json');
  writeFileSync(path, JSON.stringify(config));
  return path;
}

const machine = (more: object) =>
  configuration({
    target: { type: 'machine' },
    collectors: { system: null },
    grade: TOLERANT,
    order: 'shuffled',
    phases: PHASES,
    ...more,
  });

async function show(config: string) {
  const { stdout } = await cli('config', 'show', '--config', config, '--json');
  return JSON.parse(stdout).config;
}

test('an episode records what it drew and from what, and its seed draws the same again', async () => {
  const output = temporaryFolder();
  const { code } = await cli('episode', 'start', '--config', machine({}), '--output', output);
  expect(code).toBe(0);
  const episode = onlyEpisode(output);
  const meta = readJson(join(episode, 'meta.json'));
  expect(meta.config.seed).toBe(meta.seed);
  const planned = meta.planned_phases.map(({ name, start_ns, end_ns }: Record<string, number>) => [
    name,
    end_ns! - start_ns!,
  ]);
  expect(meta.config.phases.map(({ name, duration_ns }: Record<string, number>) => [name, duration_ns])).toEqual(
    planned,
  );
  for (const { duration_range_ns } of meta.config.phases) expect(duration_range_ns).toEqual({ min: 1e9, max: 2e9 });
  const labels = readRows(join(episode, 'labels.jsonl')).map(({ phase }) => phase);
  expect(labels).toEqual(planned.map(([name]: [string]) => name));
  expect((await cli('episode', 'validate', episode)).code).toBe(0);

  const again = await show(machine({ seed: meta.seed }));
  expect(again.phases).toEqual(meta.config.phases);
});

test('a dry run says that a recording will draw otherwise, unless the seed is given', async () => {
  const dryRun = (config: string, ...more: string[]) =>
    cli('episode', 'start', '--dry-run', '--config', config, '--output', temporaryFolder(), ...more);
  expect((await dryRun(machine({}))).stdout).toMatch(/drawn from seed \d+; a recording draws a seed of its own/);
  expect((await dryRun(machine({ seed: 5 }))).stdout).not.toMatch(/seed/);
  const document = JSON.parse((await dryRun(machine({ seed: 5 }), '--json')).stdout);
  expect(document).toMatchObject({ seed: 5, is_seed_drawn: false });
  const schema = readJson(join(ROOT, 'schemas/results/episode-start.schema.json'));
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true, keywords: SCHEMA_KEYWORDS }).compile(schema);
  validate(document);
  expect(validate.errors).toBeNull();
});

test('so does "config show"', async () => {
  const text = async (config: string) => (await cli('config', 'show', '--config', config)).stdout;
  expect(await text(machine({}))).toMatch(/^# .*\n# the seed is made up here/);
  expect(await text(machine({ seed: 5 }))).not.toMatch(/made up/);
});

test('a virtual machine is shown, checked and tried without one', async () => {
  const config = configuration({ seed: 7, target: { type: 'qemu' }, phases: PHASES });
  expect((await show(config)).target).toMatchObject({ type: 'qemu', image: 'lab', settle_ns: 512e6 });
  expect((await cli('config', 'validate', '--config', config)).code).toBe(0);
  const { stdout, code } = await cli('episode', 'start', '--dry-run', '--config', config, '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    target: 'qemu',
    collectors: [
      { source: 'host_proc', available_in_deployment: false },
      { source: 'system', available_in_deployment: true },
    ],
  });
});

test("a collector's trial is of this machine, whatever vantage the file has for it", async () => {
  const config = configuration({ target: { type: 'qemu' }, collectors: { system: { vantage: 'guest' } } });
  expect((await cli('collector', 'test', 'system', '--ticks', '2', '--interval', '1s', '--config', config)).code).toBe(
    0,
  );
});

test('the Python in docs/data-model.md draws what we draw', async () => {
  const page = readFileSync(join(ROOT, 'docs/data-model.md'), 'utf8');
  const [, program] = /```python\n(import hashlib.*?)```/s.exec(page) ?? [];
  const seed = 20_260_131;
  const config = await show(machine({ seed }));
  const names = JSON.stringify(PHASES.map(({ name }) => name));
  const ask = `import json\nprint(json.dumps([order(${seed}, ${names}), [draw(${seed}, "duration:" + n, 1000, 2000) for n in order(${seed}, ${names})]]))\n`;
  const { stdout } = spawnSync('/usr/bin/python3', ['-c', `${program}\n${ask}`], { encoding: 'utf8' });
  expect(JSON.parse(stdout)).toEqual([
    config.phases.map(({ name }: { name: string }) => name),
    config.phases.map(({ duration_ns }: { duration_ns: number }) => duration_ns / 1e6),
  ]);
});
