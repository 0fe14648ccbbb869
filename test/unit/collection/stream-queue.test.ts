import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { EventMerger } from '../../../src/core/collection/event-merger.js';
import { RowWriter } from '../../../src/core/collection/row-writer.js';
import { SharedState } from '../../../src/core/collection/shared-state.js';
import { LAST_WORDS_NS, StreamQueue } from '../../../src/core/collection/stream-queue.js';
import { LineAppender } from '../../../src/core/files/line-appender.js';
import { MAX_LINE_BYTES } from '../../../src/core/files/line-cutter.js';
import { compileRowEncoder } from '../../../src/core/rows/row-encoder.js';
import type { Fields } from '../../../src/index.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const FIELDS: Fields = {
  value: { type: 'integer', kind: 'gauge', unit: '1', description: 'A value.' },
  text: { type: 'string', kind: 'info', maxLength: 1e8, nullable: true, description: 'A text.' },
};
const SECOND = 1_000_000_000n;
const LAST_WORDS = BigInt(LAST_WORDS_NS);

/** A stream whose origin was five seconds ago, and which is to last for two. */
function openQueue() {
  const appender = new LineAppender(join(temporaryFolder(), 'rows.jsonl'));
  const state = new SharedState();
  const originMonoNs = process.hrtime.bigint() - 5n * SECOND;
  state.go(originMonoNs, 5n * SECOND);
  const events = new EventMerger(() => {});
  const encode = compileRowEncoder({ fields: FIELDS, source: 'a', availableInDeployment: false, envelope: 'seq' });
  const clocks = { originMonoNs, originWallNs: 5n * SECOND };
  const writer = new RowWriter({ appender, encode, state, events, ...clocks });
  const onFailure = (error: unknown) => {
    throw error;
  };
  const queue = new StreamQueue({ state, writer, events, ...clocks, durationNs: 2e9, onFailure });
  onTestFinished(() => {
    queue.close();
    appender.close();
  });
  const rowsAfter = (sinceOrigin: bigint) => {
    queue.emit({ value: 1, text: null }, { at: originMonoNs + sinceOrigin, clock: 'monotonic' });
    queue.drain();
    return state.get('rows');
  };
  const emit = (row: unknown) => queue.emit(row, { at: originMonoNs, clock: 'monotonic' });
  return { state, emit, rowsAfter };
}

test('a row from behind the planned end is in no file, also where nobody has told yet that it is over', () => {
  const { rowsAfter } = openQueue();
  expect(rowsAfter(2n * SECOND + LAST_WORDS)).toBe(1);
  expect(rowsAfter(2n * SECOND + LAST_WORDS + 1n)).toBe(1);
});

test('an earlier end that was told takes its place', () => {
  const { state, rowsAfter } = openQueue();
  state.stop(SECOND);
  expect(rowsAfter(SECOND + LAST_WORDS)).toBe(1);
  expect(rowsAfter(SECOND + LAST_WORDS + 1n)).toBe(1);
});

test('a row that is longer than any reader takes is none, and those behind it are whole', () => {
  const { state, emit, rowsAfter } = openQueue();
  emit({ value: 1, text: 'x'.repeat(MAX_LINE_BYTES) });
  expect(state.get('invalidRows')).toBe(1);
  expect(rowsAfter(SECOND)).toBe(1);
});
