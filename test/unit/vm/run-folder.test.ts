import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { basename, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ownerMark } from '../../../src/core/recorder/owner-mark.js';
import { clearRunFolders, createRunFolder } from '../../../src/core/vm/run-folder.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** No process has so high a pid. */
const DEAD = ownerMark().replace(/-\d+-\d+$/, '-4999999-1');

/** A TMPDIR of this test's own. */
function ownTmpdir(): string {
  const folder = temporaryFolder();
  const before = process.env.TMPDIR;
  process.env.TMPDIR = folder;
  onTestFinished(() => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  });
  return folder;
}

function folderNamed(name: string): string {
  const path = join(process.env.TMPDIR!, name);
  mkdirSync(path);
  writeFileSync(join(path, 'monitor.sock'), '');
  return path;
}

test('a run folder is its owner’s alone, and gone when it is removed, twice', () => {
  const tmp = ownTmpdir();
  const run = createRunFolder(null);
  expect(run.path.startsWith(tmp)).toBe(true);
  expect(statSync(run.path).mode & 0o777).toBe(0o700);
  writeFileSync(run.file('disk.qcow2'), '');
  expect([run.remove(), run.remove()]).toEqual([true, true]);
  expect(existsSync(run.path)).toBe(false);
});

test('a run folder that can not be removed is told as such, and nothing is thrown', () => {
  ownTmpdir();
  const run = createRunFolder(null);
  const open = () => readdirSync('/proc/self/fd').length;
  const before = open();
  rmSync(run.path, { recursive: true });
  writeFileSync(run.path, ''); // no folder any more
  expect(run.remove()).toBe(false);
  expect(open()).toBe(before - 1);
});

test.runIf(process.getuid?.() === 0)('a run folder belongs to whom QEMU runs as', () => {
  ownTmpdir();
  const run = createRunFolder({ uid: 65_534, gid: 65_534, groups: [] });
  onTestFinished(() => void run.remove());
  const { uid, gid, mode } = statSync(run.path);
  expect({ uid, gid, mode: mode & 0o777 }).toEqual({ uid: 65_534, gid: 65_534, mode: 0o700 });
});

test('what a dead recorder has left is removed; what a living one uses stays', () => {
  ownTmpdir();
  const living = createRunFolder(null);
  const dead = folderNamed(`cis490-${DEAD}-abc123`);
  clearRunFolders();
  expect([existsSync(living.path), existsSync(dead)]).toEqual([true, false]);
});

test('a recorder is alive by its pid and its start: another process of that pid keeps nothing', () => {
  ownTmpdir();
  const reused = folderNamed(`cis490-${ownerMark().replace(/-\d+$/, '-1')}-abc123`);
  clearRunFolders();
  expect(existsSync(reused)).toBe(false);
});

test.each([
  `cis490-${DEAD.replace(/-\d+-/, '-1-')}-abc123`, // of another pid namespace: nobody here can tell
  `cis490-${DEAD}-abc12`,
  `cis490-${DEAD}-abc123x`,
  `cis490-${DEAD}-abc12/`,
  `x-cis490-${DEAD}-abc123`,
  'cis490-unit-abc123',
])('the folder %s is none of ours, and stays', (name) => {
  ownTmpdir();
  const path = folderNamed(basename(name));
  clearRunFolders();
  expect(existsSync(path)).toBe(true);
});

test('a link of such a name is not followed', () => {
  const tmp = ownTmpdir();
  const elsewhere = temporaryFolder();
  writeFileSync(join(elsewhere, 'precious'), '');
  symlinkSync(elsewhere, join(tmp, `cis490-${DEAD}-abc123`));
  clearRunFolders();
  expect(existsSync(join(elsewhere, 'precious'))).toBe(true);
});

test('a link within such a folder is removed, and not what it leads to', () => {
  ownTmpdir();
  const elsewhere = temporaryFolder();
  writeFileSync(join(elsewhere, 'precious'), '');
  const dead = folderNamed(`cis490-${DEAD}-abc123`);
  symlinkSync(elsewhere, join(dead, 'link'));
  clearRunFolders();
  expect([existsSync(dead), existsSync(join(elsewhere, 'precious'))]).toEqual([false, true]);
});

test('a folder for temporary files that can not be listed is no reason to fail', () => {
  ownTmpdir();
  process.env.TMPDIR = '/nowhere';
  expect(() => clearRunFolders()).not.toThrow();
});

test('a socket is reached also where the folder’s own name is too long for one', async () => {
  const tmp = ownTmpdir();
  process.env.TMPDIR = join(tmp, 'x'.repeat(120));
  mkdirSync(process.env.TMPDIR);
  const run = createRunFolder(null);
  const server = createServer((client) => client.end('here'));
  onTestFinished(() => {
    server.close();
    run.remove();
  });
  await new Promise<void>((resolve) => server.listen(run.socket('state.sock'), resolve));
  expect(existsSync(run.file('state.sock'))).toBe(true);
  const client = connect(run.socket('state.sock'));
  expect(String((await once(client, 'data'))[0])).toBe('here');
});

test('a folder with a short name is named as it is: others may connect too', () => {
  ownTmpdir();
  const run = createRunFolder(null);
  onTestFinished(() => void run.remove());
  expect(run.socket('monitor.sock')).toBe(run.file('monitor.sock'));
});
