import type * as Fs from 'node:fs';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FileSyncer } from '../../../src/core/episode/file-syncer.js';
import { temporaryFolder } from '../support/temporary-folder.js';

type Done = (error: Error | null) => void;

/** Flushes that are under way, until a test lets them end. */
const pending = vi.hoisted(() => [] as Done[]);

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof Fs>();
  return { ...fs, fdatasync: (_fd: number, done: Done) => pending.push(done) };
});

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  pending.length = 0;
});

function openSyncer() {
  const path = join(temporaryFolder(), 'rows.jsonl');
  writeFileSync(path, '');
  const failures: unknown[] = [];
  return { path, failures, syncer: new FileSyncer([path], (error) => failures.push(error)) };
}

/** Lets the flush that is under way end, and what waits for it begin. */
async function endFlush(error: Error | null = null): Promise<void> {
  pending.at(-1)!(error);
  await vi.advanceTimersByTimeAsync(0);
}

test('a file whose last flush is still under way is left out', async () => {
  const { syncer } = openSyncer();
  vi.advanceTimersByTime(15_000);
  expect(pending).toHaveLength(1);
  await endFlush();
  vi.advanceTimersByTime(5_000);
  expect(pending).toHaveLength(2);
  await endFlush();
  await syncer.close();
});

test('a line that comes while a flush is under way is flushed by the next', async () => {
  const { path, syncer } = openSyncer();
  syncer.sync(path);
  syncer.sync(path);
  expect(pending).toHaveLength(1);
  await endFlush();
  expect(pending).toHaveLength(2);
  await endFlush();
  await syncer.close();
});

test('a flush that fails is told, also one that was under way at the end', async () => {
  const { syncer, failures } = openSyncer();
  vi.advanceTimersByTime(5_000);
  const lost = new Error('EIO: i/o error, fdatasync');
  const closed = syncer.close().then(() => [...failures]);
  await endFlush(lost);
  expect(await closed).toEqual([lost]);
});
