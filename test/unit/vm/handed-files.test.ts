import { chmodSync, readFileSync, readSync, statSync, writeFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { HandedFiles } from '../../../src/core/vm/handed-files.js';
import { createRunFolder } from '../../../src/core/vm/run-folder.js';
import type { SystemUser } from '../../../src/core/vm/system-user.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const nobody: SystemUser = { uid: 65_534, gid: 65_534, groups: [] };

function handed(user: SystemUser | null) {
  const run = createRunFolder(user);
  const files = new HandedFiles(run, user);
  onTestFinished(() => {
    files.close();
    run.remove();
  });
  const file = (mode: number) => {
    const path = join(temporaryFolder(), 'kernel');
    writeFileSync(path, 'bytes');
    chmodSync(path, mode);
    return path;
  };
  return { run, files, file };
}

test('files are handed over as descriptors from 3 on, in their order', () => {
  const { files, file } = handed(null);
  expect([files.add(file(0o600)), files.add(file(0o600))]).toEqual([3, 4]);
  const bytes = Buffer.alloc(5);
  readSync(files.fds[1]!, bytes);
  expect(String(bytes)).toBe('bytes');
  const [first] = files.fds;
  files.close();
  expect(files.fds).toEqual([]);
  expect(() => readSync(first!, bytes)).toThrow('EBADF');
});

test('a QEMU of the same user opens a file by its own name', () => {
  const { files, file } = handed(null);
  const path = file(0o600);
  expect(files.name(path)).toBe(path);
  expect(files.fds).toEqual([]);
});

test('one that everybody may read is opened anew by its descriptor', () => {
  const { files, file } = handed(
    nobody.uid === process.getuid?.() ? null : { ...nobody, uid: process.getuid!(), gid: process.getgid!() },
  );
  expect(files.name(file(0o644))).toBe('/dev/fd/3');
});

test('what QEMU’s user may not read is copied for it, and for nobody else', () => {
  const user = process.getuid?.() === 0 ? nobody : { uid: process.getuid!(), gid: process.getgid!(), groups: [] };
  const { run, files, file } = handed(user);
  const name = files.name(file(0o600));
  const copy = isAbsolute(name) ? name : run.file(name);
  expect(readFileSync(copy, 'utf8')).toBe('bytes');
  expect(statSync(copy)).toMatchObject({ uid: user.uid, gid: user.gid });
  expect(statSync(copy).mode & 0o077).toBe(0);
  expect(copy.startsWith(run.path)).toBe(true);
});

test('a file that is not there is told with its path', () => {
  const { files } = handed(null);
  expect(() => files.add('/nowhere/kernel')).toThrow(/ENOENT.*\/nowhere\/kernel/);
});
