import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultLoaders } from 'cosmiconfig';
import { describe, expect, test } from 'vitest';
import { planOf } from '../support/plan-harness.js';

const FOLDER = fileURLToPath(new URL('../../../examples/lab/', import.meta.url));
const SEEDS = [0, 1, 2, 7, 490, 4_294_967_295];

const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));
// biome-ignore lint/suspicious/noExplicitAny: configurations as they stand in their files
const read = (name: string): any => defaultLoaders['.yaml'](name, readFileSync(join(FOLDER, name), 'utf8'));

const armsOf = (arm: string) => FILES.filter((name) => read(name).scenario.arm === arm);
const twinsOf = (name: string) => {
  const { id, version, pair } = read(name).scenario;
  return FILES.filter((other) => {
    const scenario = read(other).scenario;
    return other !== name && scenario.id === id && scenario.version === version && scenario.pair === pair;
  });
};

test.each(FILES)('%s can be planned, observes a virtual machine and looks into it', (name) => {
  const plan = planOf(read(name));
  expect(plan.target).toMatchObject({ type: 'qemu', image: 'lab', args: [] });
  const system = plan.collectors.find(({ use }) => use === 'system');
  expect(system).toMatchObject({ vantage: 'guest', isOptional: false });
  for (const { intervalNs } of plan.collectors) expect(intervalNs).toBe(100e6);
});

test('each benign arm is the twin of a malicious one', () => {
  expect(armsOf('malicious')).toEqual(['miner.yaml', 'ransomware.yaml', 'scanner.yaml']);
  expect(armsOf('malicious').flatMap(twinsOf).sort()).toEqual(armsOf('benign').sort());
});

describe.each(armsOf('malicious'))('%s and its twin', (name) => {
  const twins = twinsOf(name);
  const [malicious, benign] = [read(name), read(twins[0]!)];

  test('are two', () => expect(twins).toHaveLength(1));

  test('differ in the arm, in the label and technique of the action, and in what it runs', () => {
    const action = (config: { phases: { name: string }[] }) => config.phases.find((phase) => phase.name === 'action');
    expect(action(malicious)).toMatchObject({ label: 'malicious', technique: expect.stringMatching(/^T\d{4}$/) });
    expect(action(benign)).toMatchObject({ label: 'benign' });
    expect(action(benign)).not.toHaveProperty('technique');
    expect(action(benign)).not.toMatchObject({ run: (action(malicious) as { run?: unknown }).run });
  });

  test('are alike in all else: machine, seed, collectors, and every other phase', () => {
    const common = ({ scenario, phases, ...rest }: typeof malicious) => ({
      ...rest,
      scenario: { ...scenario, arm: null },
      phases: phases.map((phase: { name: string }) =>
        phase.name === 'action' ? { ...phase, label: null, technique: null, run: null } : phase,
      ),
    });
    const alike = (config: typeof malicious) =>
      JSON.parse(JSON.stringify(common(config), (_, value) => value ?? undefined));
    expect(alike(benign)).toEqual(alike(malicious));
  });

  test.each(SEEDS)('draw the same lengths and settling time from seed %i', (seed) => {
    const drawn = (config: object) => {
      const { phases, durationNs, target } = planOf({ ...config, seed });
      return {
        durationNs,
        target,
        phases: phases.map(({ name: phase, startNs, endNs }) => ({ phase, startNs, endNs })),
      };
    };
    expect(drawn(benign)).toEqual(drawn(malicious));
    expect(
      drawn(benign)
        .phases.map(({ phase }) => phase)
        .slice(-3),
    ).toEqual(['baseline', 'action', 'recovery']);
  });

  test('are drawn otherwise from other seeds', () => {
    const lengths = SEEDS.map((seed) => planOf({ ...malicious, seed }).durationNs);
    expect(new Set(lengths).size).toBe(SEEDS.length);
  });
});

test('all that runs is a shell line of stress-ng and standard tools', () => {
  for (const name of FILES)
    for (const { run } of read(name).phases) if (run !== undefined) expect(run.slice(0, 2)).toEqual(['sh', '-c']);
});
