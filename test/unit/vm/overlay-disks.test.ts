import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { HandedFiles } from '../../../src/core/vm/handed-files.js';
import { createDisks, layerName } from '../../../src/core/vm/overlay-disks.js';
import { createRunFolder } from '../../../src/core/vm/run-folder.js';
import { findProgram } from '../../../src/program.js';
import { fakeMachine } from '../support/fake-tools.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const MIB = 1024 * 1024;
const hasQemuImg = findProgram('qemu-img', '/') !== null;
if (!hasQemuImg) console.error('LEFT OUT: layers of disks, because there is no qemu-img (apt-get install qemu-utils)');
/** In CI nothing is left out. */
const diskTest = test.skipIf(!hasQemuImg && process.env.CI === undefined);

function workplace() {
  const run = createRunFolder(null);
  const files = new HandedFiles(run, null);
  onTestFinished(() => {
    files.close();
    run.remove();
  });
  const raw = join(temporaryFolder(), 'base.raw');
  writeFileSync(raw, Buffer.alloc(MIB, 'b'));
  return { run, files, raw, options: { run, files, user: null, signal: new AbortController().signal } };
}

const digest = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
const info = (path: string) =>
  JSON.parse(execFileSync('qemu-img', ['info', '--output=json', path], { encoding: 'utf8' }));
const write = (path: string) => execFileSync('qemu-io', ['-f', 'qcow2', '-c', 'write -P 0x41 0 65536', path]);

diskTest.each(['raw', 'qcow2'] as const)(
  'what is written goes into the layer, and never into the base: %s',
  async (format) => {
    const { run, files, raw, options } = workplace();
    const base = format === 'raw' ? raw : `${raw}.qcow2`;
    if (format === 'qcow2') execFileSync('qemu-img', ['convert', '-O', 'qcow2', raw, base]);
    const before = digest(base);
    const { disks, fdSets } = await createDisks(
      [{ id: 'disk', base: [{ path: base, format }], sizeBytes: null }],
      options,
    );
    const layer = run.file(layerName('disk'));
    write(layer);
    expect(digest(base)).toBe(before);
    expect(info(layer)).toMatchObject({ format: 'qcow2', 'virtual-size': MIB });
    expect(disks[0]).toHaveLength(2);
    expect(disks[0]![0]).toEqual({ filename: '/dev/fdset/1', format });
    expect(fdSets).toEqual([{ fd: 3, set: 1 }]);
    expect(files.fds).toHaveLength(1);
  },
);

diskTest('a scratch disk is empty, and as large as it is to be', async () => {
  const { run, options } = workplace();
  const { disks, fdSets } = await createDisks([{ id: 'scratch', base: [], sizeBytes: 64 * MIB }], options);
  expect(info(run.file(layerName('scratch')))['virtual-size']).toBe(64 * MIB);
  expect([disks[0]!.length, fdSets]).toEqual([1, []]);
});

diskTest('each layer of each disk has a descriptor of its own', async () => {
  const { raw, options } = workplace();
  const on = { path: raw, format: 'raw' as const };
  const disks = ['a', 'b'].map((id) => ({ id, base: [on], sizeBytes: null }));
  const { disks: layers, fdSets } = await createDisks(disks, options);
  expect(new Set(layers.map(([lower]) => lower!.filename)).size).toBe(2);
  expect(new Set(fdSets.map(({ fd }) => fd)).size).toBe(2);
  expect(fdSets.map(({ set }) => set).sort()).toEqual([1, 2]);
});

diskTest('a disk that is none is told in qemu-img’s own words', async () => {
  const { options } = workplace();
  const disks = [{ id: 'disk', base: [{ path: '/nowhere.raw', format: 'raw' as const }], sizeBytes: null }];
  await expect(createDisks(disks, options)).rejects.toMatchObject({
    code: 'TARGET_UNSTARTABLE',
    message: expect.stringMatching(/a disk could not be prepared: .*nowhere\.raw/),
  });
});

diskTest('a file that is not of the format it is said to be is refused, never guessed at', async () => {
  const { raw, options } = workplace();
  const disks = [{ id: 'disk', base: [{ path: raw, format: 'qcow2' as const }], sizeBytes: null }];
  await expect(createDisks(disks, options)).rejects.toThrow(/not in qcow2 format/);
});

test('who hears that a disk could not be made may remove the folder: nobody writes to it any more', async () => {
  const { run, raw, options } = workplace();
  const script = 'case "$*" in *" -b "*) exit 1 ;; esac; /bin/sleep 0.3; echo >"$5"';
  fakeMachine({ 'bin/qemu-img': `#!/bin/sh\n${script}\n` });
  const disks = [
    { id: 'disk', base: [{ path: raw, format: 'raw' as const }], sizeBytes: null },
    { id: 'scratch', base: [], sizeBytes: 1024 },
  ];
  await expect(createDisks(disks, options)).rejects.toMatchObject({ code: 'TARGET_UNSTARTABLE' });
  expect(existsSync(run.file(layerName('scratch')))).toBe(true);
});

test('without qemu-img the sentence says what to install', async () => {
  const { options } = workplace();
  fakeMachine({ 'bin/other': '' });
  await expect(createDisks([{ id: 'scratch', base: [], sizeBytes: 1024 }], options)).rejects.toMatchObject({
    code: 'LAB_TOOL_MISSING',
    hint: expect.stringContaining('apt-get install qemu-utils'),
  });
});
