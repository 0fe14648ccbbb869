import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findPackage } from '../../../src/core/catalog/package-manifest.js';
import { packageOf } from '../support/plugin-package.js';
import { temporaryFolder } from '../support/temporary-folder.js';

test('a package is found in the nearest node_modules upwards, also as a link', () => {
  const root = temporaryFolder();
  const near = packageOf({}, join(root, 'a/node_modules/near'));
  mkdirSync(join(root, 'a/b'), { recursive: true });
  packageOf({}, join(root, 'node_modules/near'));
  packageOf({}, join(root, 'elsewhere'));
  symlinkSync(join(root, 'elsewhere'), join(root, 'node_modules/linked'));
  expect(findPackage('near', join(root, 'a/b'))).toBe(near);
  expect(findPackage('linked', join(root, 'a/b'))).toBe(join(root, 'node_modules/linked/package.json'));
});

test('one that is not installed is told with every place that was looked at', () => {
  const root = temporaryFolder();
  expect(() => findPackage('@acme/pkg', join(root, 'a'))).toThrow(
    expect.objectContaining({
      code: 'PLUGIN_NOT_FOUND',
      exitCode: 4,
      message: expect.stringMatching(/^plugin "@acme\/pkg" is not installed; looked in /),
    }),
  );
  for (const place of [
    join(root, 'a/node_modules/@acme/pkg'),
    join(root, 'node_modules/@acme/pkg'),
    '/node_modules/@acme/pkg',
  ]) {
    expect(() => findPackage('@acme/pkg', join(root, 'a'))).toThrow(place);
  }
});
