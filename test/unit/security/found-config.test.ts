import { execFileSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { trustedUsers } from '../../../src/core/config/find-config.js';
import { loadConfig } from '../../../src/core/config/load-config.js';
import { temporaryFolder } from '../support/temporary-folder.js';

test.each<[string, NodeJS.ProcessEnv, number, number[]]>([
  ['oneself and root', {}, 1000, [1000, 0]],
  ['root alone', {}, 0, [0, 0]],
  ['for root, who became it by sudo', { SUDO_UID: '1000' }, 0, [0, 0, 1000]],
  ['for others, not whom a variable names', { SUDO_UID: '0' }, 1000, [1000, 0]],
  ['nobody by a variable that is no number', { SUDO_UID: '1e3' }, 0, [0, 0]],
])('trusted is %s', (_who, env, uid, expected) => {
  expect(trustedUsers(env, uid)).toEqual(expected);
});

function found(content: string): Promise<unknown> {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, '.cis490rc'), content);
  return loadConfig({ cwd });
}

const unreadable = (words: RegExp) => ({ code: 'CONFIG_UNREADABLE', message: expect.stringMatching(words) });

test('a pipe in its place is told at once, not waited for', async () => {
  const cwd = temporaryFolder();
  execFileSync('mkfifo', [join(cwd, '.cis490rc')]);
  await expect(loadConfig({ cwd })).rejects.toMatchObject(unreadable(/no regular file/));
});

test("a link to one's own file is followed, and one that leads nowhere is told", async () => {
  const cwd = temporaryFolder();
  symlinkSync(join(cwd, 'real'), join(cwd, '.cis490rc'));
  await expect(loadConfig({ cwd })).rejects.toMatchObject(unreadable(/there is no such file/));
  writeFileSync(join(cwd, 'real'), 'duration: 3s');
  expect(await loadConfig({ cwd })).toMatchObject({ raw: { duration: '3s' }, baseDir: cwd });
});

test('aliases that stand for more than there is memory are told', async () => {
  const lines = Array.from({ length: 12 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(10).fill(`*a${i}`).join(', ')}]`);
  await expect(found(['a0: &a0 [x]', ...lines].join('\n'))).rejects.toMatchObject(
    unreadable(/more than 100000 values/),
  );
});

test.each([
  ['a list that holds itself', 'a: &a [*a]'],
  ['brackets without end', '['.repeat(200_000)],
  ['lists in lists', `${'['.repeat(200)}${']'.repeat(200)}`],
])('%s is told', async (_what, content) => {
  await expect(found(content)).rejects.toMatchObject(unreadable(/nest/));
});

test('what is wrong is told by its place, without the lines around it: they may hold a secret', async () => {
  const failure = found('env: {TOKEN: hunter2}\nphases: [1\nb: }');
  await expect(failure).rejects.toMatchObject(unreadable(/line 3, column 1: missed comma/));
  await expect(failure).rejects.not.toMatchObject({ message: expect.stringContaining('hunter2') });
});
