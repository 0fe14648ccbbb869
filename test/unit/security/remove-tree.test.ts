import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import { removeTree } from '../../../src/core/files/remove-tree.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** What somebody else does between two steps of the removal, by the number of the folder that was just listed. */
let meanwhile: readonly (() => void)[] = [];
let listed = 0;

vi.mock('node:fs', async (importOriginal) => {
  const fs = await importOriginal<typeof import('node:fs')>();
  const readdirSync = (...args: Parameters<typeof fs.readdirSync>) => {
    const entries = fs.readdirSync(...args);
    meanwhile[listed++]?.();
    return entries;
  };
  return { ...fs, readdirSync, default: { ...fs, readdirSync } };
});

beforeEach(() => {
  meanwhile = [];
  listed = 0;
});

/** `tree/sub/file`, and a folder of somebody else that has to stay. */
function folders() {
  const base = temporaryFolder();
  const [tree, sub, victim] = [join(base, 'tree'), join(base, 'tree/sub'), join(base, 'victim')];
  mkdirSync(sub, { recursive: true });
  mkdirSync(victim);
  writeFileSync(join(sub, 'file'), '');
  writeFileSync(join(victim, 'file'), 'precious');
  const exchange = (path: string) => {
    renameSync(path, join(base, 'away'));
    symlinkSync(victim, path);
  };
  return { tree, sub, victim: join(victim, 'file'), exchange };
}

test('a folder goes with all that is in it, links and pipes too, and nothing that they lead to', () => {
  const { tree, sub, victim } = folders();
  symlinkSync(join(victim, '..'), join(sub, 'link'));
  symlinkSync('nowhere', join(tree, 'dangling'));
  execFileSync('mkfifo', [join(sub, 'pipe')]);
  removeTree(tree);
  expect(existsSync(tree)).toBe(false);
  expect(readFileSync(victim, 'utf8')).toBe('precious');
});

test('one that is not there is no error, a link to one is', () => {
  const { tree, sub, exchange, victim } = folders();
  removeTree(join(tree, 'none'));
  exchange(sub);
  expect(() => removeTree(sub)).toThrow(/ENOTDIR|ELOOP/);
  expect(existsSync(victim)).toBe(true);
});

test.each([
  ['after it was seen to be a folder', (f: ReturnType<typeof folders>) => [() => f.exchange(f.sub)]],
  ['after its files were listed', (f: ReturnType<typeof folders>) => [() => {}, () => f.exchange(f.sub)]],
  ['at the top', (f: ReturnType<typeof folders>) => [() => f.exchange(f.tree)]],
])('a folder that somebody exchanges for a link leads nowhere: %s', (_when, attack) => {
  const made = folders();
  meanwhile = attack(made);
  expect(() => removeTree(made.tree)).toThrow();
  expect(listed).toBeGreaterThan(0);
  expect(readFileSync(made.victim, 'utf8')).toBe('precious');
});

test('what vanishes meanwhile is no error', () => {
  const { tree, sub } = folders();
  meanwhile = [() => {}, () => execFileSync('rm', [join(sub, 'file')])];
  removeTree(tree);
  expect(existsSync(tree)).toBe(false);
});
