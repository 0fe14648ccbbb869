import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { DiskReserve } from '../../../src/core/episode/disk-reserve.js';
import { createEpisodeFolder } from '../../../src/core/episode/episode-folder.js';
import { CappedFile } from '../../../src/core/files/capped-file.js';
import { LineAppender } from '../../../src/core/files/line-appender.js';
import { replaceFile } from '../../../src/core/files/replace-file.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** Everything by which the recorder makes a file, given its path. */
const MAKERS: [string, (path: string) => void][] = [
  ['telemetry, events and labels', (path) => new LineAppender(path).append('{}\n')],
  ['an artifact', (path) => new CappedFile(path, 10).write('x')],
  ['the reserve', (path) => new DiskReserve({ reserve: path } as never).take()],
  ['meta.json and done.marker', (path) => replaceFile(path, '{}')],
  ['the temporary file of one', (path) => replaceFile(path.replace(/\.tmp$/, ''), '{}')],
];

function quietly(action: () => void): void {
  try {
    action();
  } catch {
    // that it is refused is what is looked for
  }
}

/** What somebody could have put in a file's place, all of it leading to `victim`. */
const PLANTS: [string, (path: string, victim: string) => void][] = [
  ['a link', (path, victim) => symlinkSync(victim, path)],
  ['a link to nothing yet', (path, victim) => symlinkSync(`${victim}-new`, path)],
  ['a hard link', (path, victim) => execFileSync('ln', [victim, path])],
];

describe.each(PLANTS)('%s in its place is not written through:', (_what, plant) => {
  test.each(MAKERS)('%s', (_name, make) => {
    const folder = temporaryFolder();
    const [path, victim] = [join(folder, 'file.tmp'), join(folder, 'victim')];
    writeFileSync(victim, 'precious');
    plant(path, victim);
    quietly(() => make(path));
    expect(readFileSync(victim, 'utf8')).toBe('precious');
    expect(existsSync(`${victim}-new`)).toBe(false);
  });
});

test.each(MAKERS.slice(0, 3))('a pipe in its place is neither written to nor waited for: %s', (_name, make) => {
  const path = join(temporaryFolder(), 'file.tmp');
  execFileSync('mkfifo', [path]);
  quietly(() => make(path));
  expect(lstatSync(path).isFIFO()).toBe(true);
});

describe.each([0o000, 0o022, 0o077])('with umask %i', (umask) => {
  test.each(MAKERS)('it is 0640 or tighter: %s', (_name, make) => {
    const before = process.umask(umask);
    onTestFinished(() => void process.umask(before));
    const path = join(temporaryFolder(), 'file.tmp');
    make(path);
    const made = [path, path.replace(/\.tmp$/, '')].find((name) => existsSync(name))!;
    expect((statSync(made).mode & 0o777).toString(8)).toBe((0o640 & ~umask).toString(8));
  });
});

const ID = '01ARZ3NDEKTSV4RRFFQ69G5FAV';

test.each<[string, (path: string, victim: string) => void]>([
  ['a link', (path, victim) => symlinkSync(victim, path)],
  ['a link to nothing', (path) => symlinkSync('/nowhere-490', path)],
  ['a file', (path) => writeFileSync(path, '')],
  ['a folder', (path) => mkdirSync(path)],
])('%s where the folder of an episode would be: the id is taken', (_what, plant) => {
  const [output, victim] = [temporaryFolder(), temporaryFolder()];
  plant(join(output, ID), victim);
  expect(() => createEpisodeFolder(output, ID)).toThrow(expect.objectContaining({ code: 'EPISODE_ID_TAKEN' }));
  // and one that was put there only after that look
  const late = createEpisodeFolder(output, ID.replace(/V$/, 'W'));
  plant(late.path, victim);
  if (!lstatSync(late.path).isDirectory())
    expect(() => late.publish()).toThrow(expect.objectContaining({ code: 'EPISODE_ID_TAKEN' }));
  expect(execFileSync('ls', ['-A', victim], { encoding: 'utf8' })).toBe('');
});
