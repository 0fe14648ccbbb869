import { createHash } from 'node:crypto';
import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { requireMachine } from '../../../src/core/targets/qemu-target.js';
import { findMachineFiles } from '../../../src/core/vm/machine-files.js';
import { fakeMachine } from '../support/fake-tools.js';
import { plannedVm } from '../support/planned-vm.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

function fileThat(name: string, text: string): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, text);
  return path;
}

const own = (parts: Parameters<typeof plannedVm>[0]) => plannedVm({ image: null, ...parts });

test('files of the user’s own are told from others by what they hold', async () => {
  const kernel = fileThat('vmlinuz', 'kernel');
  const initrd = fileThat('initrd', 'initrd');
  const files = await findMachineFiles(own({ kernel, initrd, append: 'quiet' }));
  expect(files).toMatchObject({ kernelPath: kernel, initrdPath: initrd, append: 'quiet', image: null, disks: [] });
  expect(files.identity).toEqual({
    kernel: { path: kernel, sha256: sha256('kernel') },
    initrd: { path: initrd, sha256: sha256('initrd') },
    disk: null,
  });
});

test('a disk is told from another by its place, size and time; it may be too large to be hashed', async () => {
  const disk = { path: fileThat('disk.raw', 'bytes'), format: 'raw' as const };
  const identify = async () => (await findMachineFiles(own({ disk }))).identity;
  const before = await identify();
  expect(before.disk).toMatchObject({ path: disk.path, format: 'raw', bytes: 5 });
  expect(await identify()).toEqual(before);
  utimesSync(disk.path, 1, 1);
  expect(await identify()).not.toEqual(before);
});

test('a scratch disk comes last, and needs no file', async () => {
  const disk = { path: fileThat('disk.raw', ''), format: 'raw' as const };
  const { disks } = await findMachineFiles(own({ disk, scratchBytes: 1024 }));
  expect(disks).toEqual([
    { id: 'disk', base: [disk], sizeBytes: null },
    { id: 'scratch', base: [], sizeBytes: 1024 },
  ]);
});

test.each([
  ['backing file', { backingAt: 4096n, features: 0n }],
  ['data file', { backingAt: 0n, features: 4n }],
])('a disk that names a %s is refused: it could be any file of this machine', async (what, header) => {
  const path = fileThat('disk.qcow2', '');
  const disk = { path, format: 'qcow2' as const };
  writeFileSync(path, qcow2Header({ backingAt: 0n, features: 0n }));
  expect((await findMachineFiles(own({ disk }))).disks).toHaveLength(1);
  writeFileSync(path, qcow2Header(header));
  await expect(findMachineFiles(own({ disk }))).rejects.toMatchObject({
    code: 'TARGET_UNSTARTABLE',
    message: `the disk ${path} names a ${what} of its own, which is not followed`,
    hint: expect.stringContaining('qemu-img convert'),
  });
});

test('a disk that is not of the format it is said to be is refused, never guessed at', async () => {
  const disk = { path: fileThat('disk.qcow2', 'raw bytes'), format: 'qcow2' as const };
  await expect(findMachineFiles(own({ disk }))).rejects.toThrow(`${disk.path} is not in qcow2 format`);
});

test('an image whose files are not those of its manifest is refused, though of the same size', async () => {
  const folder = temporaryFolder();
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return { file: name, bytes: text.length, sha256: sha256(text) };
  };
  const manifest = {
    schema_version: 1,
    id: '0123456789abcdef',
    recipe_version: 1,
    created_by: { name: 'cis490', version: '1.0.0' },
    kernel: { release: '6.1.0', ...file('vmlinuz', 'kernel') },
    initrd: file('initrd', 'files'),
    packages: [],
    append: 'quiet',
    agent_port: 'org.qemu.guest_agent.0',
  };
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
  expect((await findMachineFiles(plannedVm({ image: folder }))).identity).toEqual({ image: manifest, disk: null });
  await (await findMachineFiles(plannedVm({ image: folder }))).verified;
  file('initrd', 'other');
  await expect((await findMachineFiles(plannedVm({ image: folder }))).verified).rejects.toMatchObject({
    code: 'LAB_IMAGE_INVALID',
    message: `${join(folder, 'initrd')}: not the file that its manifest tells of`,
  });
});

test.each([
  ['kernel', { kernel: '/nowhere/vmlinuz' }],
  ['initrd', { initrd: '/nowhere/initrd' }],
  ['disk', { disk: { path: '/nowhere/disk', format: 'raw' as const } }],
])('a %s that is not there is told by its path', async (_, parts) => {
  await expect(findMachineFiles(own(parts))).rejects.toMatchObject({
    code: 'TARGET_NOT_FOUND',
    message: expect.stringMatching(/^the virtual machine's \/nowhere\/\w+ can not be read: ENOENT/),
    hint: expect.stringContaining('relative ones start from the folder of the configuration'),
  });
});

test('a kernel that is a folder is told as well', async () => {
  await expect(findMachineFiles(own({ kernel: temporaryFolder() }))).rejects.toThrow('EISDIR');
});

test('an image that is none, and a lab that has none, are told apart', async () => {
  const folder = temporaryFolder();
  await expect(findMachineFiles(plannedVm({ image: folder }))).rejects.toMatchObject({
    code: 'LAB_IMAGE_MISSING',
    message: `${folder} is no lab image`,
  });
  const before = process.env.CIS490_LAB;
  onTestFinished(() => {
    if (before === undefined) delete process.env.CIS490_LAB;
    else process.env.CIS490_LAB = before;
  });
  process.env.CIS490_LAB = folder;
  await expect(findMachineFiles(plannedVm())).rejects.toThrow(/^there is no lab image at .*current$/);
});

function qcow2Header({ backingAt, features }: { backingAt: bigint; features: bigint }): Buffer {
  const header = Buffer.alloc(512);
  header.write('QFI\xfb', 'latin1');
  header.writeUInt32BE(3, 4);
  header.writeBigUInt64BE(backingAt, 8);
  header.writeBigUInt64BE(1024n, 24);
  header.writeBigUInt64BE(features, 72);
  return header;
}

/** A machine with this QEMU and these other programs, and nobody's rights. */
function machineOf(programs: readonly string[], uid = 1000): void {
  const script = '#!/bin/sh\necho QEMU emulator version 7.2.22\n';
  fakeMachine(Object.fromEntries(['qemu-system-x86_64', ...programs].map((name) => [`bin/${name}`, script])));
  const spy = vi.spyOn(process as { getuid(): number }, 'getuid').mockReturnValue(uid);
  onTestFinished(() => spy.mockRestore());
}

test('a dry run is all right where all is there', async () => {
  machineOf(['qemu-img']);
  await requireMachine(own({ kernel: fileThat('vmlinuz', 'kernel'), scratchBytes: 1024 }));
});

test('a dry run misses what only a disk or a network needs', async () => {
  const kernel = fileThat('vmlinuz', 'kernel');
  machineOf([]);
  const told = (parts: object) =>
    requireMachine(own({ kernel, ...parts })).catch(({ code, message }) => [code, message]);
  expect(await told({ scratchBytes: 1024 })).toEqual(['LAB_TOOL_MISSING', expect.stringContaining('qemu-img')]);
  expect(await told({ network: 'isolated' })).toEqual(['SYSTEM_REFUSED', expect.stringContaining('needs root')]);
  expect(await told({})).toBe(undefined);
});

test('a dry run by root misses what QEMU is run without root by', async () => {
  machineOf([], 0);
  await expect(requireMachine(own({ kernel: fileThat('vmlinuz', 'kernel') }))).rejects.toMatchObject({
    code: 'LAB_TOOL_MISSING',
    message: expect.stringContaining('setpriv'),
  });
});

test('a dry run says that QEMU is missing before it looks for files', async () => {
  fakeMachine({ 'bin/other': '' });
  await expect(requireMachine(own({ kernel: '/nowhere' }))).rejects.toMatchObject({ code: 'LAB_TOOL_MISSING' });
});
