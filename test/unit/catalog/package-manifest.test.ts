import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readPackageCollectors } from '../../../src/core/catalog/package-manifest.js';
import { packageFile } from '../../../src/core/package-info.js';
import { packageOf } from '../support/plugin-package.js';

const SECTION = { apiVersion: 1, collectors: ['gpu'], plugin: './index.js' };

const read = (section: unknown) => readPackageCollectors(packageOf({ name: '@acme/pkg', cis490: section }), 'package');

test('one module may serve all collectors; none of it is run', () => {
  const file = packageOf({ name: '@acme/pkg', cis490: { ...SECTION, collectors: ['gpu', 'fan'] } });
  const url = pathToFileURL(join(file, '../index.js')).href;
  expect(readPackageCollectors(file, 'package')).toEqual([
    { name: 'gpu', owner: '@acme/pkg', origin: 'package', url },
    { name: 'fan', owner: '@acme/pkg', origin: 'package', url },
  ]);
});

test('each collector may have a module of its own', () => {
  const refs = read({ ...SECTION, collectors: ['gpu', 'fan'], plugin: { gpu: './index.js', fan: 'other.js' } });
  expect(refs.map(({ url }) => url.replace(/.*\//, ''))).toEqual(['index.js', 'other.js']);
});

test('our own package declares host_proc and system', () => {
  const refs = readPackageCollectors(packageFile, 'builtin');
  expect(refs).toContainEqual(expect.objectContaining({ name: 'host_proc', owner: 'cis490', origin: 'builtin' }));
  expect(refs).toContainEqual(expect.objectContaining({ name: 'system', owner: 'cis490' }));
});

describe('a sentence that names the package for', () => {
  test.each<[string, string, RegExp, unknown]>([
    ['no section', 'PLUGIN_MANIFEST', /"cis490" section/, undefined],
    ['a section that is none', 'PLUGIN_MANIFEST', /"cis490" section/, 'x'],
    ['another api version', 'PLUGIN_API_VERSION', /apiVersion 2; this cis490 has 1/, { ...SECTION, apiVersion: 2 }],
    [
      'an odd api version',
      'PLUGIN_API_VERSION',
      /apiVersion {"toString":null};/,
      { ...SECTION, apiVersion: { toString: null } },
    ],
    ['no api version', 'PLUGIN_API_VERSION', /apiVersion undefined/, { ...SECTION, apiVersion: undefined }],
    ['no collectors', 'PLUGIN_MANIFEST', /"collectors"/, { ...SECTION, collectors: undefined }],
    ['an empty list', 'PLUGIN_MANIFEST', /"collectors"/, { ...SECTION, collectors: [] }],
    ['a name that is no text', 'PLUGIN_MANIFEST', /"collectors"/, { ...SECTION, collectors: [1] }],
    [
      'a name that no collector can have',
      'PLUGIN_MANIFEST',
      /"collectors".*Gpu-1/,
      { ...SECTION, collectors: ['Gpu-1'] },
    ],
    ['a name that is there twice', 'PLUGIN_MANIFEST', /"collectors"/, { ...SECTION, collectors: ['gpu', 'gpu'] }],
    ['no module', 'PLUGIN_MANIFEST', /"plugin" names no module for "gpu"/, { ...SECTION, plugin: undefined }],
    [
      'no module for one of them',
      'PLUGIN_MANIFEST',
      /"plugin" names no module for "gpu"/,
      { ...SECTION, plugin: { fan: './index.js' } },
    ],
    [
      'a module that is not built',
      'PLUGIN_ENTRY_MISSING',
      /\.\/dist\/index\.js, which does not exist; looked for \//,
      { ...SECTION, plugin: './dist/index.js' },
    ],
  ])('%s', (_, code, words, section) => {
    expect(() => read(section)).toThrow(
      expect.objectContaining({ code, exitCode: 4, message: expect.stringMatching(words) }),
    );
    expect(() => read(section)).toThrow(/^plugin "@acme\/pkg"/);
  });
});

test.each(['{', '', 'null', '[]', '5'])('a package.json that holds %j is told by its path', (text) => {
  const file = packageOf(text);
  expect(() => readPackageCollectors(file, 'package')).toThrow(
    expect.objectContaining({ code: 'PLUGIN_MANIFEST', message: expect.stringContaining(file) }),
  );
});
