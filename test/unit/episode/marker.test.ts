import type * as Fs from 'node:fs';
import { existsSync, fstatSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import { EpisodeFolder } from '../../../src/core/episode/episode-folder.js';
import { writeMarker } from '../../../src/core/episode/marker.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** Folders can't be flushed as soon as this file is there. */
const disk = vi.hoisted(() => ({ failsWith: '' }));

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof Fs>();
  const fsyncSync = (fd: number) => {
    if (fstatSync(fd).isDirectory() && fs.existsSync(disk.failsWith)) throw new Error('EIO: i/o error, fsync');
    fs.fsyncSync(fd);
  };
  return { ...fs, fsyncSync };
});

beforeEach(() => Object.assign(disk, { failsWith: '' }));

function episode(): EpisodeFolder {
  const folder = new EpisodeFolder(temporaryFolder());
  for (const name of ['telemetry', 'artifacts']) mkdirSync(join(folder.path, name));
  writeFileSync(folder.meta, '{}\n');
  return folder;
}

const input = {
  id: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  status: 'complete',
  endReason: 'duration_over',
  verdict: { grade: 'ok', reasons: [] },
} as const;

test('the marker lists every other file', () => {
  const folder = episode();
  expect(writeMarker(folder, input).files.map(({ path }) => path)).toEqual(['meta.json']);
  expect(existsSync(folder.marker)).toBe(true);
});

test('a marker whose name can not be made durable is taken back', () => {
  const folder = episode();
  disk.failsWith = folder.marker;
  expect(() => writeMarker(folder, input)).toThrow('EIO');
  expect(existsSync(folder.marker)).toBe(false);
});
