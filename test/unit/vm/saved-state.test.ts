import type * as Fs from 'node:fs';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, expect, test, vi } from 'vitest';
import type { MachineSpec } from '../../../src/core/vm/machine-spec.js';
import { SavedStates } from '../../../src/core/vm/saved-state.js';
import { type FakeVmOptions, fakeVm } from '../support/fake-vm.js';
import { machineSpec } from '../support/machine-spec.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const disk = vi.hoisted(() => ({ isFull: false }));
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof Fs>();
  const full = () => new Writable({ write: (_chunk, _encoding, done) => done(new Error('no space left on device')) });
  const createWriteStream = (...words: Parameters<typeof fs.createWriteStream>) =>
    disk.isFull ? full() : fs.createWriteStream(...words);
  return { ...fs, createWriteStream };
});
afterEach(() => {
  disk.isFull = false;
});

const IDENTITY = { image: 'sha256-1', qemu: 'QEMU 7.2.22' };

function statesIn(folder = join(temporaryFolder(), 'states')) {
  const states = new SavedStates(folder);
  const save = (spec = machineSpec(), options: FakeVmOptions = {}) =>
    states.save(fakeVm(options).machine, spec, IDENTITY);
  return { folder, states, save };
}

test('a machine that was saved is found again, with what it held', async () => {
  const { states, save } = statesIn();
  expect(states.find(machineSpec(), IDENTITY)).toBe(null);
  const saved = await save(machineSpec(), { memory: 'all of it' });
  expect(readFileSync(saved.path, 'utf8')).toBe('all of it');
  expect(saved.id).toMatch(/^[0-9a-f]{16}$/);
  expect(states.find(machineSpec(), IDENTITY)).toEqual(saved);
});

test('a state is its owner’s alone: it holds a machine’s memory', async () => {
  const { save } = statesIn();
  const { path } = await save();
  expect([path, dirname(path)].map((place) => statSync(place).mode & 0o077)).toEqual([0, 0]);
});

test('the machine is stopped before its memory is sent', async () => {
  const { states } = statesIn();
  const { machine, executed } = fakeVm();
  await states.save(machine, machineSpec(), IDENTITY);
  expect(executed.filter((command) => !command.startsWith('query'))).toEqual([
    'stop',
    'migrate-set-parameters',
    'migrate',
  ]);
});

test('a disk’s written layer is kept, and lies above what it was made on', async () => {
  const base = { path: '/d.raw', format: 'raw' as const };
  const spec = machineSpec({
    disks: [
      { id: 'disk', base: [base], sizeBytes: null },
      { id: 'scratch', base: [], sizeBytes: 1024 },
    ],
  });
  const { states, save } = statesIn();
  const { disks } = await save(spec, { disks: { disk: 'written', scratch: 'fresh' } });
  expect(disks.map(({ id, sizeBytes, base: layers }) => [id, sizeBytes, layers.length])).toEqual([
    ['disk', null, 2],
    ['scratch', null, 1],
  ]);
  expect(disks[0]!.base[0]).toEqual(base);
  expect(disks[0]!.base[1]!.format).toBe('qcow2');
  expect(readFileSync(disks[0]!.base[1]!.path, 'utf8')).toBe('written');
  expect(states.find(spec, IDENTITY)!.disks).toEqual(disks);
});

const OTHERS: readonly (readonly [string, Partial<MachineSpec>])[] = [
  ['memory', { memoryBytes: 512 * 1024 * 1024 }],
  ['processors', { cpus: 2 }],
  ['processor', { cpu: 'max' }],
  ['accelerator', { accel: 'kvm' }],
  ['arguments', { args: ['-device', 'edu'] }],
  ['network', { network: 'restricted' }],
  ['kernel', { kernelPath: '/images/other' }],
  ['initrd', { initrdPath: null }],
  ['words to the kernel', { append: 'quiet' }],
  ['disk', { disks: [{ id: 'disk', base: [{ path: '/d', format: 'raw' }], sizeBytes: null }] }],
];

test.each(OTHERS)('a machine with another %s has no state yet', async (_, other) => {
  const { states, save } = statesIn();
  await save();
  expect(states.find(machineSpec(other), IDENTITY)).toBe(null);
});

test('the size of a scratch disk, and the format of a disk, make another machine', async () => {
  const { states, save } = statesIn();
  const scratch = (sizeBytes: number) => machineSpec({ disks: [{ id: 'scratch', base: [], sizeBytes }] });
  const disk = (format: 'raw' | 'qcow2') =>
    machineSpec({ disks: [{ id: 'disk', base: [{ path: '/d', format }], sizeBytes: null }] });
  await save(scratch(1024), { disks: { scratch: '' } });
  await save(disk('raw'), { disks: { disk: '' } });
  expect(states.find(scratch(2048), IDENTITY)).toBe(null);
  expect(states.find(disk('qcow2'), IDENTITY)).toBe(null);
  expect(states.find(scratch(1024), IDENTITY)).not.toBe(null);
});

test('files that hold something else, or another QEMU, make another machine', async () => {
  const { states, save } = statesIn();
  await save();
  for (const identity of [{ ...IDENTITY, image: 'sha256-2' }, { ...IDENTITY, qemu: 'QEMU 8.0.0' }, {}])
    expect(states.find(machineSpec(), identity)).toBe(null);
});

test('what is half-written is not found', async () => {
  const { folder, states, save } = statesIn();
  const { path } = await save();
  rmSync(path);
  expect(states.find(machineSpec(), IDENTITY)).toBe(null);
  const again = await save(); // it is made anew in its place
  expect(states.find(machineSpec(), IDENTITY)).toEqual(again);
  expect(readdirSync(folder)).toHaveLength(1);
});

test.each([
  ['migration failed', { status: 'failed' }],
  ['no longer a disk', { disks: {} }],
])('a machine that can not be saved leaves nothing: %s', async (why, options) => {
  const { folder, states } = statesIn();
  const spec = machineSpec({ disks: [{ id: 'scratch', base: [], sizeBytes: 1024 }] });
  const vm = fakeVm({ ...options });
  if (why === 'no longer a disk') symlinkSync('/etc/passwd', join(vm.folder, 'scratch.qcow2'));
  await expect(states.save(vm.machine, spec, IDENTITY)).rejects.toThrow(why);
  expect(readdirSync(folder)).toEqual([]);
  expect(states.find(spec, IDENTITY)).toBe(null);
});

test('a disk that is full is told as such, and not as a migration that failed', async () => {
  const { folder, states } = statesIn();
  const vm = fakeVm({ status: ({ closed }) => (closed ? 'failed' : 'active') });
  disk.isFull = true;
  await expect(states.save(vm.machine, machineSpec(), IDENTITY)).rejects.toThrow(
    'the state of the machine could not be saved: no space left on device',
  );
  expect(readdirSync(folder)).toEqual([]);
});

test('a socket that can not be made is told, and keeps nobody waiting', async () => {
  const { folder, states } = statesIn();
  const vm = fakeVm();
  writeFileSync(join(vm.folder, 'state.sock'), '');
  await expect(states.save(vm.machine, machineSpec(), IDENTITY)).rejects.toThrow('EADDRINUSE');
  expect(readdirSync(folder)).toEqual([]);
});

test('of two that are saved at once the first stands, whole, for both', async () => {
  const { folder, states } = statesIn();
  const saved = await Promise.all(
    ['one', 'two', 'three'].map((memory) => states.save(fakeVm({ memory }).machine, machineSpec(), IDENTITY)),
  );
  expect(new Set(saved.map(({ id }) => id)).size).toBe(1);
  expect(['one', 'two', 'three']).toContain(readFileSync(saved[0]!.path, 'utf8'));
  expect(states.find(machineSpec(), IDENTITY)).toEqual(saved[0]);
  expect(readdirSync(folder)).toHaveLength(1);
});

test('a state that was discarded is gone, and another that took its place is not', async () => {
  const { states, save } = statesIn();
  const first = await save();
  states.discard(first);
  states.discard(first);
  expect(states.find(machineSpec(), IDENTITY)).toBe(null);
  const second = await save();
  states.discard(first);
  expect(states.find(machineSpec(), IDENTITY)).toEqual(second);
});

test('only the states that were used last are kept, and what a killed recorder left half-written goes as well', async () => {
  const { folder, states, save } = statesIn();
  const spec = (cpus: number) => machineSpec({ cpus });
  mkdirSync(join(folder, 'x.4999999.abcd'), { recursive: true });
  writeFileSync(join(folder, 'x.4999999.abcd/state.bin'), 'half');
  utimesSync(join(folder, 'x.4999999.abcd'), 1, 1);
  for (let cpus = 1; cpus <= 8; cpus++) {
    const { path } = await save(spec(cpus));
    utimesSync(dirname(path), cpus, cpus);
  }
  expect(existsSync(join(folder, 'x.4999999.abcd'))).toBe(false);
  states.find(spec(1), IDENTITY); // used again
  await save(spec(9));
  expect([1, 2, 9].map((cpus) => states.find(spec(cpus), IDENTITY) !== null)).toEqual([true, false, true]);
});
