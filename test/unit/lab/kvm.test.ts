import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { LabImage } from '../../../src/core/lab/image/read-image.js';
import { isKvmUsable } from '../../../src/core/lab/probe/kvm.js';
import { ownerMark } from '../../../src/core/recorder/owner-mark.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const BOOTS = 'echo cis490-guest-is-up; exec sleep 600';

/** A QEMU that does this, which counts its runs; and a device that can be opened. */
function machine(script: string) {
  const folder = temporaryFolder();
  const [qemu, device, runs] = ['qemu', 'kvm', 'runs'].map((name) => join(folder, name)) as [string, string, string];
  writeFileSync(device, '');
  writeFileSync(qemu, `#!/bin/sh\npwd >>${runs}\n${script}\n`);
  chmodSync(qemu, 0o755);
  const lab = join(folder, 'lab');
  const image = imageOf('aa');
  const started = () => (existsSync(runs) ? readFileSync(runs, 'utf8').split('\n').slice(0, -1) : []);
  return { options: { qemu, qemuVersion: '7.2', image, lab, device, user: null }, started };
}

const imageOf = (sha256: string) =>
  ({ kernelPath: '/vmlinuz', initrdPath: '/initrd', manifest: { kernel: { sha256 } } }) as unknown as LabImage;

test('a guest that boots is enough, and the verdict is kept until QEMU or the kernel changes', async () => {
  const { options, started } = machine(BOOTS);
  const verdict = { isUsable: true, reason: null, remedy: null, trial: 'image' };
  expect(await isKvmUsable(options)).toEqual(verdict);
  expect(await isKvmUsable(options)).toEqual(verdict);
  expect(started()).toHaveLength(1);
  await isKvmUsable({ ...options, qemuVersion: '8.0' });
  await isKvmUsable({ ...options, qemuVersion: '8.0', image: imageOf('bb') });
  expect(started()).toHaveLength(3);
  for (const folder of started()) {
    expect(existsSync(folder)).toBe(false);
    expect(folder).toContain(ownerMark()); // or a recorder that is killed would leave it for good
  }
});

test('a guest that KVM gives up on is told in its words, at once and for good', async () => {
  const { options, started } = machine('echo "KVM internal error. Suberror: 1" >&2; echo "RAX=0" >&2; exec sleep 600');
  const verdict = await isKvmUsable(options);
  expect(verdict).toMatchObject({ isUsable: false, reason: expect.stringMatching(/KVM internal error. Suberror: 1$/) });
  expect(await isKvmUsable(options)).toEqual(verdict);
  expect(started()).toHaveLength(1);
});

test('a trial that is given up ends at once, and says nothing of KVM', async () => {
  const { options, started } = machine('exec sleep 600');
  const givenUp = new AbortController();
  const verdict = isKvmUsable({ ...options, signal: givenUp.signal });
  await vi.waitFor(() => expect(started()).toHaveLength(1), 10_000);
  givenUp.abort(new Error('given up'));
  await expect(verdict).rejects.toThrow('given up');
  expect(existsSync(options.lab)).toBe(false);
});

test('a trial is made as the machine runs: in the sandbox, and not as root', async () => {
  const { options } = machine(`case "$*" in *"-sandbox on,"*) ;; *) exit 1 ;; esac; ${BOOTS}`);
  expect(await isKvmUsable(options)).toMatchObject({ isUsable: true });
});

test('a QEMU that aborts is no KVM', async () => {
  const { options } = machine('echo "failed to set MSR 0x10a" >&2; kill -ABRT $$');
  expect(await isKvmUsable(options)).toMatchObject({ isUsable: false, reason: expect.stringContaining('MSR 0x10a') });
});

test('without an image a boot sector tells by the exit code', async () => {
  const { options } = machine('exit 85');
  expect(await isKvmUsable({ ...options, image: null })).toMatchObject({ isUsable: true, trial: 'boot sector' });
  const { options: other } = machine('exit 0');
  expect(await isKvmUsable({ ...other, image: null })).toMatchObject({ isUsable: false, trial: 'boot sector' });
});

test('a verdict of the boot sector is none of the image', async () => {
  const { options, started } = machine(`case "$*" in *isa-debug*) exit 85 ;; esac; ${BOOTS}`);
  await isKvmUsable({ ...options, image: null });
  expect(await isKvmUsable(options)).toMatchObject({ trial: 'image' });
  expect(started()).toHaveLength(2);
});

test('without the device nothing is booted, and a kept verdict does not count', async () => {
  const { options, started } = machine(BOOTS);
  await isKvmUsable(options);
  rmSync(options.device);
  expect(await isKvmUsable(options)).toMatchObject({ isUsable: false, reason: expect.stringContaining('there is no') });
  expect(started()).toHaveLength(1);
});

test('what was kept and is no verdict is not believed', async () => {
  const { options, started } = machine(BOOTS);
  await isKvmUsable(options);
  const [kept] = readdirSync(options.lab);
  const document = JSON.parse(readFileSync(join(options.lab, kept!), 'utf8'));
  writeFileSync(join(options.lab, kept!), JSON.stringify({ ...document, verdict: null }));
  expect(await isKvmUsable(options)).toMatchObject({ isUsable: true });
  expect(started()).toHaveLength(2);
});
