import { expect, test } from 'vitest';
import { Catalog } from '../../../src/core/catalog/plugin-catalog.js';
import type { PluginRef } from '../../../src/core/catalog/plugin-ref.js';

const ref = (owner: string, name: string): PluginRef => ({
  owner,
  name,
  url: `file:///${owner}/${name}.js`,
  origin: 'package',
});

const catalog = new Catalog([
  ref('cis490', 'host_proc'),
  ref('cis490', 'system'),
  ref('@acme/pkg', 'gpu'),
  ref('other', 'gpu'),
]);

test('a name finds its collector', () => {
  expect(catalog.find('system')).toMatchObject({ owner: 'cis490', name: 'system' });
});

test('an unknown name is told with those that there are', () => {
  expect(() => catalog.find('host_prc')).toThrow(
    expect.objectContaining({
      code: 'COLLECTOR_UNKNOWN',
      exitCode: 2,
      message: expect.stringMatching(/^no collector "host_prc"; there are host_proc, system, gpu/),
    }),
  );
});

test('a name that two plugins have is an error that names both', () => {
  expect(() => catalog.find('gpu')).toThrow(
    expect.objectContaining({
      code: 'PLUGIN_NAME_TAKEN',
      message: expect.stringMatching(/"gpu": "@acme\/pkg#gpu" and "other#gpu"$/),
    }),
  );
});

test('owner#name settles it', () => {
  expect(catalog.find('@acme/pkg#gpu').owner).toBe('@acme/pkg');
  expect(catalog.find('other#gpu').owner).toBe('other');
});

test.each(['nobody#gpu', 'other#system', 'other#', '#gpu', '', 'toString', 'GPU'])('%j finds nothing', (use) => {
  expect(() => catalog.find(use)).toThrow(expect.objectContaining({ code: 'COLLECTOR_UNKNOWN' }));
});

test('a file whose path holds # is an owner like any other', () => {
  const files = new Catalog([ref('./a#b.mjs', 'gpu'), ref('./c.mjs', 'gpu')]);
  expect(files.find('./a#b.mjs#gpu').owner).toBe('./a#b.mjs');
});
