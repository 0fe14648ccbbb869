import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { cli, plugin, temporaryFolder } from '../support/cli.js';

function configWith(...plugins: string[]): string {
  const file = join(temporaryFolder(), '.cis490rc');
  writeFileSync(file, JSON.stringify({ plugins }));
  return file;
}

test('list shows ours and those of the configuration, with kind, availability, origin, and whether they can run', async () => {
  const { code, stdout } = await cli('collector', 'list', '--config', configWith(plugin('misbehaving.mjs')));
  expect(code).toBe(0);
  expect(stdout).toMatch(/^host_proc\s+files\s+oracle\s+builtin\s+ok/m);
  expect(stdout).toMatch(/^system\s+files\s+deployable\s+builtin\s+ok/m);
  expect(stdout).toMatch(/^unavailable\s+polled\s+oracle\s+file .*misbehaving.mjs\s+unavailable/m);
});

test('describe tells every field with its unit, the options with their defaults, and why it is available or not', async () => {
  const { code, stdout } = await cli('collector', 'describe', 'two_cards', '--config', configWith(plugin('kinds.mjs')));
  expect(code).toBe(0);
  expect(stdout).toMatch(/availability: oracle: A test\./);
  expect(stdout).toMatch(/^cards\s+integer\s+2\s+How many cards\./m);
  expect(stdout).toMatch(/^huge\s+integer\s+By\s+counter \(reset: boot\)\s+64 bits\./m);
  expect(stdout).toContain('  two_cards:\n    interval: 100ms\n    options:\n      cards: 2 # How many cards.\n');
});

test('probe says why not, and what would mend it; its exit code says so too', async () => {
  const { code, stdout } = await cli(
    'collector',
    'probe',
    'unavailable',
    '--config',
    configWith(plugin('misbehaving.mjs')),
  );
  expect(code).toBe(4);
  expect(stdout).toBe('unavailable: unavailable: no such hardware\n  Buy the hardware.\n');
  expect((await cli('collector', 'probe', 'host_proc', 'system')).code).toBe(0);
});

test('test prints the rows and the timing of a collector, and leaves nothing behind', async () => {
  const { code, stdout } = await cli('collector', 'test', 'system', '--ticks', '3', '--interval', '1s');
  expect(code).toBe(0);
  expect(stdout.match(/"source": "system"/g)).toHaveLength(3);
  expect(stdout).toMatch(/3 rows in 3 of 3 ticks, late by [\d.]+ ms/);
});

test('test fails on any error, and says which', async () => {
  const { code, stdout } = await cli(
    'collector',
    'test',
    'throws_once',
    '--interval',
    '500ms',
    '--config',
    configWith(plugin('misbehaving.mjs')),
  );
  expect(code).toBe(3);
  expect(stdout).toContain('no third sample');
  expect(stdout).toContain('throws_once failed in 1 samples');
});

test('an unknown name lists the known ones', async () => {
  const { code, stderr } = await cli('collector', 'describe', 'host_prc');
  expect(code).toBe(2);
  expect(stderr).toMatch(/no collector "host_prc"; there are .*host_proc, .*system/);
});

test('two plugins of one name are told apart by their owner', async () => {
  const folder = temporaryFolder();
  const source = (value: boolean) =>
    `export default { apiVersion: 1, name: 'system', version: '9.0.0', rowVersion: 1, kind: 'polled', summary: 'Mine.',
      availableInDeployment: { value: ${value}, rationale: 'Mine.' }, options: { type: 'object', additionalProperties: false, properties: {} },
      fields: { value: { type: 'integer', unit: '1', kind: 'gauge', description: 'x' } }, create: () => ({ sample: () => ({ value: 1 }) }) };`;
  writeFileSync(join(folder, 'mine.mjs'), source(false));
  const config = join(folder, '.cis490rc');
  writeFileSync(config, JSON.stringify({ plugins: ['./mine.mjs'], target: { type: 'machine' } }));
  const clash = await cli('config', 'validate', '--config', config);
  expect(clash.code).toBe(4);
  expect(clash.stderr).toContain('"cis490#system" and "./mine.mjs#system"');
  writeFileSync(
    config,
    JSON.stringify({
      plugins: ['./mine.mjs'],
      target: { type: 'machine' },
      collectors: { system: { use: 'cis490#system' }, mine: { use: './mine.mjs#system' } },
    }),
  );
  expect((await cli('config', 'validate', '--config', config)).code).toBe(0);
  const { stdout } = await cli('collector', 'describe', './mine.mjs#system', '--config', config);
  expect(stdout).toContain('system 9.0.0');
});

test('config schema has the options of a plugin in their place, and holds a configuration against them', async () => {
  const { code, stdout } = await cli('config', 'schema', '--config', configWith(plugin('kinds.mjs')));
  expect(code).toBe(0);
  const schema = JSON.parse(stdout);
  expect(schema.properties.collectors.properties.two_cards.properties.options.properties.cards).toMatchObject({
    minimum: 1,
    default: 2,
  });
  const validate = new Ajv2020({ strict: false, discriminator: true, formats: { date: true } }).compile(schema);
  expect(
    validate({
      collectors: { two_cards: { options: { cards: 1 } }, other: { use: 'two_cards', options: { cards: 0 } } },
    }),
  ).toBe(true);
  expect(validate({ collectors: { two_cards: { options: { cards: 0 } } } })).toBe(false);
  expect(validate({ collectors: { two_cards: { options: { colour: 'red' } } } })).toBe(false);
});
