import { spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { AnyCollector } from '../../../src/index.js';
import { contractChecks, fieldTable } from '../../../src/testing/index.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const base = {
  apiVersion: 1,
  name: 'load',
  version: '1.0.0',
  rowVersion: 1,
  summary: 'Load.',
  availableInDeployment: { value: true, rationale: 'Everywhere.' },
  fields: { load: { type: 'integer', unit: '1', kind: 'gauge', description: 'Load.' } },
  options: { type: 'object', additionalProperties: false, properties: {} },
};
const files = {
  ...base,
  kind: 'files',
  files: () => ({ load: '/proc/load' }),
  parse: ({ load }: { load: { bytes: Buffer; length: number } }) => {
    const text = load.bytes.toString('latin1', 0, load.length);
    return text.endsWith('\n') ? { load: Number(text) } : null;
  },
};
const sampler = { sample: () => ({ load: 1 }) };
const probe = () => ({ status: 'unavailable', reason: 'no card' });
const polled = { ...base, kind: 'polled', probe, create: () => sampler };
const stream = { ...polled, kind: 'stream' };

/** A package with the collector's fixture, README, schema and manifest. */
async function packageOf(collector: object): Promise<string> {
  const folder = temporaryFolder();
  const machine = join(folder, 'fixtures/ordinary/proc');
  mkdirSync(machine, { recursive: true });
  writeFileSync(join(machine, 'load'), '12345\n');
  writeFileSync(join(folder, 'README.md'), '<!-- fields: generated -->\n<!-- /fields -->\n');
  const cis490 = { apiVersion: 1, collectors: ['load'], plugin: './index.js' };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'p', cis490 }));
  process.env.CIS490_UPDATE = '1';
  await failuresOf(collector, folder).finally(() => delete process.env.CIS490_UPDATE);
  return folder;
}

async function failuresOf(collector: object, packageDir: string): Promise<string[]> {
  const failures: string[] = [];
  for (const { name, run } of contractChecks(collector as AnyCollector, { packageDir })) {
    await run().catch((error: Error) => failures.push(`${name}: ${error.message}`));
  }
  return failures;
}

test('a sound collector passes, and its files were written by CIS490_UPDATE', async () => {
  const folder = await packageOf(files);
  expect(await failuresOf(files, folder)).toEqual([]);
  expect(readFileSync(join(folder, 'fixtures/ordinary/expected.jsonl'), 'utf8')).toBe('{"tick":0,"load":12345}\n');
  expect(readFileSync(join(folder, 'README.md'), 'utf8')).toContain(fieldTable(files.fields as never));
});

test('a host that tells more of its own columns asks no collector for another rowVersion', async () => {
  const folder = await packageOf(files);
  const path = join(folder, 'schemas/load.schema.json');
  const schema = JSON.parse(readFileSync(path, 'utf8'));
  delete schema.properties.tick.maximum;
  delete schema.properties.epoch;
  schema.required = schema.required.filter((name: string) => name !== 'epoch');
  writeFileSync(path, JSON.stringify(schema));
  expect(await failuresOf(files, folder)).toEqual([]);

  process.env.CIS490_UPDATE = '1';
  expect(await failuresOf(files, folder).finally(() => delete process.env.CIS490_UPDATE)).toEqual([]);
  expect(JSON.parse(readFileSync(path, 'utf8')).required).toContain('epoch');
});

test('a row placed by its order instead of a tick is another row', async () => {
  const folder = await packageOf(polled);
  const checks = contractChecks({ ...stream, create: () => ({}) } as unknown as AnyCollector, { packageDir: folder });
  const check = checks.find(({ name }) => name.includes('rowVersion'));
  await expect(check!.run()).rejects.toThrow('rowVersion is still 1');
});

// biome-ignore lint/suspicious/noExplicitAny: what a broken collector gets has no type
type Any = any;

const timers: NodeJS.Timeout[] = [];
const BROKEN: readonly (readonly [failing: string, collector: Any])[] = [
  ['holds the contract', { ...files, summary: '' }],
  ['refuses unknown options', { ...files, options: { ...base.options, additionalProperties: true } }],
  ['row schema compiles', { ...files, fields: { load: { ...base.fields.load, type: 'float' } } }],
  [
    'says "unavailable" on an empty machine',
    { ...polled, probe: () => ({ status: 'ok' }), create: () => ({ sample: () => null }) },
  ],
  [
    'says "unavailable" on an empty machine, without throwing',
    {
      ...polled,
      probe: () => {
        throw new Error('no card');
      },
    },
  ],
  [
    'stop is safe without start',
    {
      ...polled,
      create: () => ({
        ...sampler,
        stop() {
          throw new Error('not started');
        },
      }),
    },
  ],
  ['two full cycles', { ...polled, create: () => ({ sample: () => ({ load: 'high' }) }) }],
  [
    'it leaves nothing open',
    { ...polled, create: () => ({ ...sampler, start: () => void timers.push(setInterval(() => {}, 1e6)) }) },
  ],
  [
    'it leaves nothing open',
    { ...polled, create: () => ({ ...sampler, start: () => void openSync('/dev/null', 'r') }) },
  ],
  ['it leaves nothing open', { ...polled, create: () => ({ ...sampler, start: () => void spawn('sleep', ['20']) }) }],
  [
    'files may be cut short',
    {
      ...files,
      parse: ({ load }: Any) => ({ load: Number.parseInt(load.bytes.toString('latin1', 0, load.length), 10) || null }),
    },
  ],
  [
    'files may be missing',
    {
      ...files,
      files: () => ({ load: { path: '/proc/load', optional: true } }),
      parse: ({ load }: Any) => {
        if (load.error !== null) throw 'no load';
        return files.parse({ load });
      },
    },
  ],
  ['rows are as expected', { ...files, parse: () => ({ load: 7 }) }],
  [
    'its target may vanish',
    {
      ...polled,
      availableInDeployment: { value: false, rationale: 'A card.' },
      create: (_options: unknown, { target }: Any) => ({
        sample() {
          try {
            process.kill(target.pid, 0);
          } catch {
            return { load: 'gone' };
          }
          return { load: 1 };
        },
      }),
    },
  ],
  ['rowVersion rises', { ...files, fields: { load: { ...base.fields.load, unit: 'By' } } }],
  ['README agrees', { ...files, fields: { load: { ...base.fields.load, description: 'Another.' } } }],
  ['package.json declares it', { ...files, name: 'other' }],
];

test.each(BROKEN)('%s fails where it is broken', async (failing, collector) => {
  const folder = await packageOf(collector.kind === 'files' ? files : polled);
  const failures = await failuresOf(collector, folder);
  for (const timer of timers.splice(0)) clearInterval(timer);
  expect(failures.join('\n')).toContain(failing);
});

test('a stream that talks on after stop does not honour its abort', async () => {
  const create = (_options: unknown, context: Any) => ({
    start: async () => {
      timers.push(setInterval(() => context.emit({ load: 1 }), 10));
    },
  });
  const collector = { ...stream, create };
  const failures = await failuresOf(collector, await packageOf(polled));
  for (const timer of timers.splice(0)) clearInterval(timer);
  expect(failures.join('\n')).toContain('rows come after stop');
});

test('a collector that can not run here, without fixtures, is told to bring some', async () => {
  const folder = await packageOf(polled);
  const failures = await failuresOf({ ...polled, name: 'card' }, folder);
  expect(failures.join('\n')).not.toContain('capture some');
  const bare = contractChecks(polled as unknown as AnyCollector, { packageDir: folder, fixtures: '/nowhere' });
  const cycles = bare.find(({ name }) => name.includes('two full cycles'));
  await expect(cycles!.run()).rejects.toThrow(/can not run here \(no card\).*capture some/);
});
