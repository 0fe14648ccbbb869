import { expect, test } from 'vitest';
import { type MemberFacts, membersOf } from '../../../../src/core/dataset/split/members-of.js';

const TARGET = {
  type: 'command',
  pid: 1,
  start_time_ticks: 2n,
  comm: null,
  exe: null,
  argv: null,
  is_vm: false,
} as const;
const MANIFEST = { schema_version: 1, id: '769e2b1d72318403', packages: [] };
const DISK = { path: '/vm/disk.raw', format: 'raw', bytes: 4096, modified_ns: '1700000000000000000', inode: '7' };

const facts = (given: Partial<MemberFacts> = {}): MemberFacts => ({
  vantages: { local: { hostname: 'lab-3' } },
  target: TARGET,
  ...given,
});

const machine = (files: unknown): Partial<MemberFacts> => ({
  target: {
    ...TARGET,
    type: 'qemu',
    machine: { files, start: { mode: 'restored', state_id: 'f77c79d394cbc320' } },
  },
});

test('an episode that says nothing of itself is a member of its host alone', () => {
  const { host, ...others } = membersOf(facts());
  expect(host).toBe('lab-3');
  expect(Object.values(others).every((member) => member === null)).toBe(true);
});

test('a pair counts within its scenario, and 17 is "17"', () => {
  expect(membersOf(facts({ scenario: { id: 'miner', pair: 17 } }))).toMatchObject({
    scenario: 'miner',
    pair: 'miner#17',
  });
  expect(membersOf(facts({ scenario: { id: 'miner', pair: '17', arm: 'benign' } })).pair).toBe('miner#17');
  expect(membersOf(facts({ scenario: { id: 'scanner', pair: 17 } })).pair).toBe('scanner#17');
});

test('sample, family and operator are taken as they are', () => {
  const sample = { sha256: 'a'.repeat(64), family: 'mirai' };
  expect(membersOf(facts({ sample, operator: 'me' }))).toMatchObject({
    sample: 'a'.repeat(64),
    family: 'mirai',
    operator: 'me',
  });
});

test('a lab image is its id, a saved state is its own', () => {
  expect(membersOf(facts(machine({ image: MANIFEST, disk: null })))).toMatchObject({
    image: '769e2b1d72318403',
    state: 'f77c79d394cbc320',
  });
});

test('files of the user’s own are told apart by what is in them; a disk beside an image too', () => {
  const image = (files: unknown) => membersOf(facts(machine(files))).image;
  const kernel = { path: '/vm/vmlinuz', sha256: 'b'.repeat(64) };
  expect(image({ kernel, initrd: null, disk: null })).toMatch(/^[0-9a-f]{16}$/);
  expect(image({ initrd: null, disk: null, kernel })).toBe(image({ kernel, initrd: null, disk: null }));
  expect(image({ kernel, initrd: null, disk: DISK })).not.toBe(image({ kernel, initrd: null, disk: null }));
  expect(image({ image: MANIFEST, disk: DISK })).toMatch(/^769e2b1d72318403\+[0-9a-f]{16}$/);
  expect(image({ image: MANIFEST, disk: { ...DISK, bytes: 4096n } })).toBe(image({ image: MANIFEST, disk: DISK }));
});

test('a machine that never ran has neither', () => {
  expect(membersOf(facts({ target: { ...TARGET, type: 'qemu', machine: {} } }))).toMatchObject({
    image: null,
    state: null,
  });
});
