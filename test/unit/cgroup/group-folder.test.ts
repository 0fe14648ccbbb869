import { expect, test } from 'vitest';
import { groupFolder, groupPath } from '../../../src/plugins/cgroup/group-folder.js';

const line = (id: number, parent: number, root: string, point: string, type = 'cgroup2') =>
  `${id} ${parent} 0:26 ${root} ${point} rw,relatime shared:9 master:1 - ${type} none rw\n`;
const mounts = (...lines: string[]) => `\n${line(27, 1, '/', '/', 'ext4')}${lines.join('')}`;

test.each([
  ['0::/system.slice/x.service', '/system.slice/x.service'],
  ['12:cpu:/a\n1:name=systemd:/b\n0::/c', '/c'],
  ['0::/', '/'],
  ['0::/with space', '/with space'],
  ['0::/caf\u00c3\u00a9', '/café'],
  ['10::/x\n1:name=0:::/y', null],
  ['', null],
])('of %j the group is %s', (text, path) => {
  expect(groupPath(`\n${text}\n`)).toBe(path);
});

test.each([
  ['/', '/', '/cg', '/cg'],
  ['/', '/a/b', '/cg', '/cg/a/b'],
  ['/a', '/a', '/cg', '/cg'],
  ['/a', '/a/b', '/cg', '/cg/b'],
  ['/a', '/ab', '/cg', null],
  ['/a', '/', '/cg', null],
  ['/', '/..', '/cg', null],
  ['/', '/../..', '/cg', null],
  ['/', '/../b', '/cg', null],
  ['/', '/..b', '/cg', '/cg/..b'],
  ['/../..', '/../../b', '/cg', '/cg/b'],
  ['/..', '/../..', '/cg', null],
  ['/..', '/', '/cg', null],
  ['/', '/a', '/', '/a'],
  ['/with\\040space', '/with space/b', '/c\\134g\\011\\012\\043', '/c\\g\t\n#/b'],
  ['/', '/b', '/caf\u00c3\u00a9', '/café/b'],
])('with %s mounted, group %s is at %s: %s', (root, path, point, folder) => {
  expect(groupFolder(path, mounts(line(30, 27, root, point)))).toBe(folder);
});

test('of several mounts that one serves which shows the group', () => {
  const text = mounts(line(30, 27, '/other', '/one'), line(31, 27, '/', '/two', 'cgroup'), line(32, 27, '/', '/three'));
  expect(groupFolder('/a', text)).toBe('/three/a');
});

test.each([
  ['at the same point', [line(31, 30, '/', '/cg', 'tmpfs')]],
  ['at a folder above it', [line(31, 27, '/', '/c', 'tmpfs'), line(30, 27, '/', '/c/g')]],
  [
    'over the mount that it is on',
    [line(29, 27, '/', '/s/t'), line(30, 29, '/', '/s/t/g'), line(31, 27, '/', '/s', 'x')],
  ],
])('a mount that another hides, %s, serves nobody', (_, lines) => {
  const text = mounts(line(30, 27, '/', '/cg'), ...lines);
  expect(groupFolder('/a', lines.length === 1 ? text : mounts(...lines))).toBeNull();
});

test('the root that is listed behind what lies on it hides nothing', () => {
  const text = `\n${line(31, 22, '/', '/sys/fs/cgroup')}${line(22, 27, '/', '/sys', 'sysfs')}${line(27, 1, '/', '/', 'ext4')}`;
  expect(groupFolder('/a', text)).toBe('/sys/fs/cgroup/a');
});

test.each(['', 'x', '1 2 3', '36 35 98:0 / /cg rw', ' - cgroup2 ', '36 35 98:0 / /cg rw - cgroup none rw'])(
  'of %j nothing comes',
  (text) => {
    expect(groupFolder('/', `\n${text}\n`)).toBeNull();
  },
);
