import { describe, expect, test } from 'vitest';
import { planOf, problemsOf } from '../support/plan-harness.js';

const target = (keys: object = {}) => ({ seed: 7, target: { type: 'qemu', ...keys } });
const vmOf = (keys: object = {}) => planOf(target(keys)).target;
const MIB = 2 ** 20;

test('the type alone is the lab image with a saved state and no network', () => {
  expect(vmOf()).toEqual({
    type: 'qemu',
    image: 'lab',
    kernel: null,
    initrd: null,
    append: null,
    disk: null,
    scratchBytes: null,
    memoryBytes: 256 * MIB,
    cpus: 1,
    accel: 'auto',
    cpu: null,
    args: [],
    start: 'restored',
    bootTimeoutNs: 60e9,
    settle: { minNs: 0.5e9, maxNs: 1.5e9 },
    settleNs: 512e6,
    network: 'none',
    capture: false,
  });
});

test('everything can be said; relative paths start at the folder of the file', () => {
  const machine = {
    kernel: './vmlinuz',
    initrd: '../initrd.gz',
    append: 'console=ttyS0 panic=-1',
    disk: { path: '/images/root,1.img', format: 'qcow2' },
    scratch: '1.5GiB',
    memory: '64MiB',
    cpus: 4,
    accel: 'kvm',
    cpu: 'max,-svm',
    args: ['-device', 'i6300esb'],
    start: 'cold',
    boot_timeout: '1h',
    settle: '0s',
    network: 'isolated',
    capture: true,
  };
  expect(vmOf(machine)).toEqual({
    type: 'qemu',
    image: null,
    kernel: '/base/vmlinuz',
    initrd: '/initrd.gz',
    append: 'console=ttyS0 panic=-1',
    disk: { path: '/images/root,1.img', format: 'qcow2' },
    scratchBytes: 1536 * MIB,
    memoryBytes: 64 * MIB,
    cpus: 4,
    accel: 'kvm',
    cpu: 'max,-svm',
    args: ['-device', 'i6300esb'],
    start: 'cold',
    bootTimeoutNs: 3600e9,
    settle: { minNs: 0, maxNs: 0 },
    settleNs: 0,
    network: 'isolated',
    capture: true,
  });
});

test.each<[object, string | null]>([
  [{ image: 'lab' }, 'lab'],
  [{ image: './lab' }, '/base/lab'],
  [{ image: 'images/mine' }, '/base/images/mine'],
  [{ image: 'lab', disk: 'a.raw' }, 'lab'],
  [{ disk: 'a.raw' }, null],
  [{ kernel: 'vmlinuz' }, null],
])('%j boots the image %s', (keys, image) => {
  expect(vmOf(keys)).toMatchObject({ image });
});

test.each([
  ['root.qcow2', 'qcow2'],
  ['root.raw', 'raw'],
])('the name %s tells the format of a disk', (disk, format) => {
  expect(vmOf({ disk })).toMatchObject({ disk: { path: `/base/${disk}`, format } });
});

describe('one sentence for', () => {
  test.each<[string, object, RegExp]>([
    ['both sorts of image', { image: 'lab', kernel: 'k' }, /^target\.image is "lab", but target\.kernel would take/],
    [
      'all of the other sort',
      { image: 'x', kernel: 'k', initrd: 'i', append: '' },
      /^target\.image is "x", but target\.kernel, target\.initrd, target\.append would/,
    ],
    ['an image with a ramdisk', { image: 'lab', initrd: 'i' }, /^target\.image is "lab", but target\.initrd would/],
    ['a ramdisk without a kernel', { initrd: 'i' }, /^target\.initrd is "i", but there is no target\.kernel/],
    ['a command line without a kernel', { append: 'a', disk: 'd.raw' }, /^target\.append is "a", but there is no/],
    [
      'capture of no network',
      { capture: true },
      /^target\.capture is true, but target\.network is "none"; .*"isolated"/,
    ],
    [
      'capture of a restricted one',
      { capture: true, network: 'restricted' },
      /^target\.capture is true, .*"restricted"/,
    ],
    [
      'a range the wrong way round',
      { settle: { min: '3s', max: '1s' } },
      /^target\.settle\.min is "3s", .* its max, "1s"/,
    ],
    [
      'an end that is no whole millisecond',
      { settle: { min: '0s', max: '1.5ms' } },
      /^target\.settle\.max is "1\.5ms"/,
    ],
    ['half a range', { settle: { min: '1s' } }, /^target\.settle\.max is missing$/],
    ['a settling time without a unit', { settle: 1 }, /^target\.settle is 1; it must be string or object \(A duration/],
    ['a settling time that never ends', { settle: '2h' }, /^target\.settle is 2h; it must be at most 1h/],
    [
      'a boot that may not take time',
      { boot_timeout: '0s' },
      /^target\.boot_timeout is "0s"; it must be longer than 0/,
    ],
    ['a boot of a day', { boot_timeout: '24h' }, /^target\.boot_timeout is 24h; it must be at most 1h/],
    [
      'too little memory',
      { memory: '63MiB' },
      /^target\.memory is "63MiB"; .* whole number of MiB, from 64MiB to 1024GiB/,
    ],
    ['too much memory', { memory: '1025GiB' }, /^target\.memory is "1025GiB"; .* from 64MiB to 1024GiB/],
    ['memory by the KiB', { memory: '65537KiB' }, /^target\.memory is "65537KiB"; .* whole number of MiB/],
    ['memory in decimal units', { memory: '256MB' }, /^target\.memory is "256MB"; it must be .*like "256MiB"/],
    ['memory without a unit', { memory: 256 }, /^target\.memory is 256; it must be string/],
    ['a scratch disk of nothing', { scratch: '0MiB' }, /^target\.scratch is "0MiB"; .* from 1MiB to 1024GiB/],
    ['a scratch disk in words', { scratch: 'big' }, /^target\.scratch is "big"; it must be a size with its unit/],
    [
      'a disk that could be anything',
      { disk: './a.img' },
      /^target\.disk is "\.\/a\.img", .*as in \{path: \.\/a\.img, format/,
    ],
    ['a disk with another ending', { disk: 'a.QCOW2' }, /^target\.disk is "a\.QCOW2", whose name does not end/],
    ['a disk without its format', { disk: { path: 'a.raw' } }, /^target\.disk\.format is missing$/],
    [
      'a format that QEMU has and we do not',
      { disk: { path: 'a', format: 'vmdk' } },
      /^target\.disk\.format is "vmdk"/,
    ],
    ['an empty path', { image: '' }, /^target\.image is ""/],
    ['a NUL in a path', { kernel: 'a\0b' }, /^target\.kernel is "a\\u0000b"; it must be/],
    ['a NUL in an argument', { args: ['a\0b'] }, /^target\.args\[0\] is "a\\u0000b"/],
    ['arguments in one string', { args: '-device x' }, /^target\.args is "-device x"; it must be array/],
    ['no CPU', { cpus: 0 }, /^target\.cpus is 0; it must be >= 1/],
    ['half a CPU', { cpus: 1.5 }, /^target\.cpus is 1\.5; it must be integer/],
    [
      'an accelerator that there is not',
      { accel: 'hvf' },
      /^target\.accel is "hvf"; it must be one of "auto", "kvm", "tcg"/,
    ],
    ['a start that there is not', { start: 'warm' }, /^target\.start is "warm"; .*"restored", "cold"/],
    [
      'a bridge to the world',
      { network: 'bridge' },
      /^target\.network is "bridge"; .*"none", "isolated", "restricted"/,
    ],
    ['an unknown key', { mem: '1GiB' }, /^target\.mem: there is no such key; there are type, image, kernel/],
    ["another target's key", { pid: 1 }, /^target\.pid: there is no such key/],
    ['a machine that says it is one', { vm: true }, /^target\.vm: there is no such key/],
  ])('%s', (_, keys, sentence) => {
    expect(problemsOf(target(keys))).toEqual([expect.stringMatching(sentence)]);
  });
});

test('what the schema refuses and what is inconsistent are told together, and what is broken is not missed', () => {
  const problems = problemsOf(
    target({ kernel: 5, initrd: 'i', network: 'x', capture: true, memory: '1MiB', scratch: '0MiB', x: 1 }),
  );
  const places = problems.map((problem) => /^[\w.]+/.exec(problem)?.[0]);
  expect(places.sort()).toEqual(['target.kernel', 'target.memory', 'target.network', 'target.scratch', 'target.x']);
});

test('a deployed device has no virtual machine for its target', () => {
  expect(problemsOf({ ...target(), profile: 'deployment' })).toEqual([
    expect.stringMatching(/^target\.type is "qemu"; profile "deployment"/),
  ]);
});
