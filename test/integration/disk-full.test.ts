import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BIN, onlyEpisode, readJson, readRows, temporaryFolder, watch } from '../support/cli.js';

/** A file system of so many KiB needs a mount namespace of its own: root, or a kernel that lets users have one. */
const unshare = process.getuid?.() === 0 ? ['unshare', '-m'] : ['unshare', '-rm'];
const canMount =
  spawnSync(unshare[0]!, [
    ...unshare.slice(1),
    'mount',
    '-t',
    'tmpfs',
    'tmpfs',
    mkdtempSync(join(tmpdir(), 'cis490-mount-')),
  ]).status === 0;
if (!canMount)
  console.error(
    'LEFT OUT: the tests of a full disk, because no tmpfs can be mounted here (needs root, or user namespaces)',
  );

/** Records onto a small disk, and copies what is there afterwards to where the test can see it. */
async function recordOnDisk(kib: number, ...flags: string[]) {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'disk'));
  const words = [
    process.execPath,
    BIN,
    'episode',
    'start',
    '--target-pid',
    String(process.pid),
    '--output',
    'disk/out',
    ...flags,
  ];
  const script = `mount -t tmpfs -o size=${kib}k tmpfs disk && { ${words.join(' ')}; code=$?; cp -a disk copy; exit $code; }`;
  const outcome = await watch(spawn(unshare[0]!, [...unshare.slice(1), 'sh', '-c', script], { cwd: folder })).outcome;
  return { ...outcome, copy: join(folder, 'copy') };
}

test.runIf(canMount).each([120, 200, 300])(
  'a disk of %i KiB that fills: whole rows are kept, meta.json tells, no marker claims otherwise',
  async (kib) => {
    const { code, stderr, copy } = await recordOnDisk(kib, '--duration', '60s', '--interval', '2ms');
    expect(code, stderr).toBe(1);
    expect(stderr).toContain('ENOSPC');
    expect(stderr).not.toContain('    at ');
    const folder = onlyEpisode(join(copy, 'out'));
    expect(existsSync(join(folder, 'done.marker'))).toBe(false);
    const meta = readJson(join(folder, 'meta.json'));
    expect(meta).toMatchObject({ status: 'failed', end_reason: 'disk_full', grade: 'invalid' });
    for (const { source, rows } of meta.collectors) {
      const file = join(folder, 'telemetry', `${source}.jsonl`);
      expect(readFileSync(file, 'utf8')).toMatch(/(^|\n)$/);
      expect(readRows(file)).toHaveLength(rows);
    }
    expect(readRows(join(folder, 'events.jsonl')).map(({ event }) => event)).toContain('disk_full');
  },
);

test.runIf(canMount)('a disk that is full from the start: a sentence, and nothing is left', async () => {
  const { code, stderr, copy } = await recordOnDisk(60, '--duration', '1s');
  expect(code).toBe(4);
  expect(stderr).toMatch(/output folder .* can not be written: ENOSPC/);
  expect(existsSync(join(copy, 'out'))).toBe(false);
});
