import { expect, test } from 'vitest';
import { readGuestFacts } from '../../../src/core/guest/guest-facts.js';
import { agentThat } from '../../support/fake-agent.js';
import { type GuestFile, GuestFileSystem } from '../../support/guest-files.js';

const auxv = (...pairs: [bigint, bigint][]) => {
  const words = pairs.flat();
  const bytes = Buffer.alloc(8 * words.length);
  for (const [i, word] of words.entries()) bytes.writeBigUInt64LE(word, 8 * i);
  return bytes;
};
const FILES: Record<string, GuestFile> = {
  '/proc/self/auxv': auxv([6n, 16_384n], [17n, 250n], [0n, 0n]),
  '/proc/stat': 'cpu  1 2\ncpu0 1\ncpu1 1\nintr 7\n',
  '/proc/meminfo': 'MemTotal:         220000 kB\nMemFree: 1 kB\n',
  '/proc/sys/kernel/hostname': 'lab\n',
  '/proc/sys/kernel/osrelease': '6.1.0-30-cloud-amd64\n',
  '/proc/sys/kernel/arch': 'x86_64\n',
  '/proc/sys/kernel/random/boot_id': '4b8f0b4e-0d3c-4f6f-8b5e-3f6d5e0a2f11\n',
};

async function factsOf(files: Record<string, GuestFile>) {
  const guest = new GuestFileSystem(files);
  const { client } = await agentThat(guest.answer);
  const facts = await readGuestFacts(client);
  expect(guest.open.size).toBe(0);
  return facts;
}

test('what the guest says of itself', async () => {
  expect(await factsOf(FILES)).toEqual({
    pageSizeBytes: 16_384,
    clockTicksPerSecond: 250,
    cpus: 2,
    hostname: 'lab',
    kernel: '6.1.0-30-cloud-amd64',
    architecture: 'x86_64',
    memoryBytes: 225_280_000,
    bootId: '4b8f0b4e-0d3c-4f6f-8b5e-3f6d5e0a2f11',
  });
});

test('a guest that says nothing has what is usual, and no names', async () => {
  expect(await factsOf({})).toEqual({
    pageSizeBytes: 4096,
    clockTicksPerSecond: 100,
    cpus: 1,
    hostname: null,
    kernel: null,
    architecture: null,
    memoryBytes: null,
    bootId: null,
  });
});

test('names are one line of printable ASCII, of a bounded length', async () => {
  const { hostname, kernel } = await factsOf({
    ...FILES,
    '/proc/sys/kernel/hostname': '\x1b]0;owned\x07\x1b[31mé\nsecond line',
    '/proc/sys/kernel/osrelease': 'x'.repeat(100_000),
  });
  expect(hostname).toBe('?]0;owned??[31m??');
  expect(kernel).toHaveLength(200);
});

test('numbers that no machine has are not taken', async () => {
  const huge = 2n ** 64n - 1n;
  const facts = await factsOf({
    ...FILES,
    '/proc/self/auxv': auxv([6n, huge], [17n, 0n]),
    '/proc/meminfo': `MemTotal: ${'9'.repeat(30)} kB\n`,
  });
  expect(facts).toMatchObject({ pageSizeBytes: 4096, clockTicksPerSecond: 100, memoryBytes: null });
});
