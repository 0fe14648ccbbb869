import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readPackageCollectors } from '../src/core/catalog/package-manifest.js';
import { type ContractOptions, contractChecks } from '../src/testing/index.js';
import { captured, fakeMonitor } from './support/fake-monitor.js';

/** In the place of a QEMU's. */
const monitor = await fakeMonitor(captured('guest-with-balloon-and-two-disks'));
afterAll(() => monitor.close());

/** Options for those that can do nothing with their defaults. */
const OPTIONS: Readonly<Record<string, ContractOptions['options']>> = {
  exec: {
    argv: ['python3', 'examples/exec/sockets.py'],
    schema: 'examples/exec/sockets.schema.json',
    available_in_deployment: false,
  },
  qmp: { socket: monitor.path },
};

const PLUGINS = join(import.meta.dirname, '../src/plugins');
const folders = readdirSync(PLUGINS);
const modules = await Promise.all(folders.map((folder) => import(`../src/plugins/${folder}/index.ts`)));

/** Every built-in, by one list: the folders of src/plugins. */
describe.each(folders.map((folder, i) => ({ folder, collector: modules[i].default })))('$folder', (plugin) => {
  const { folder, collector } = plugin;
  const options = OPTIONS[collector.name];
  const checks = contractChecks(collector, {
    readme: join(PLUGINS, folder, 'README.md'),
    fixtures: join(PLUGINS, folder, 'fixtures'),
    schemas: 'schemas/sources',
    ...(options && { options }),
  });
  for (const check of checks) test(check.name, check.run);
});

test('what package.json declares is what the folders hold', () => {
  const declared = readPackageCollectors('package.json', 'builtin').map(({ name }) => name);
  expect(declared.sort()).toEqual(modules.map((module) => module.default.name).sort());
});
