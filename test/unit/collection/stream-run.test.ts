import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { EventMerger } from '../../../src/core/collection/event-merger.js';
import { RowWriter } from '../../../src/core/collection/row-writer.js';
import { SharedState } from '../../../src/core/collection/shared-state.js';
import { StreamRun } from '../../../src/core/collection/stream-run.js';
import { LineAppender } from '../../../src/core/files/line-appender.js';
import { compileRowEncoder } from '../../../src/core/rows/row-encoder.js';
import type { Fields } from '../../../src/index.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const FIELDS: Fields = { value: { type: 'integer', kind: 'gauge', unit: '1', description: 'A value.' } };

function openRun() {
  const appender = new LineAppender(join(temporaryFolder(), 'rows.jsonl'));
  onTestFinished(() => appender.close());
  const state = new SharedState();
  const events = new EventMerger(() => {});
  const encode = compileRowEncoder({ fields: FIELDS, source: 'a', availableInDeployment: false, envelope: 'seq' });
  const clocks = () => ({ originMonoNs: state.originMonoNs, originWallNs: state.originWallNs });
  const openWriter = () => new RowWriter({ appender, encode, state, events, ...clocks() });
  const nextWake = () => new Promise<void>((resolve) => setImmediate(resolve));
  const run = new StreamRun({ state, events, durationNs: 60e9, openWriter, nextWake });
  const emit = () => run.findQueue()?.emit({ value: 1 });
  return { state, run, emit };
}

test('before the release rows go nowhere; from it on none is lost, although its message has not arrived', async () => {
  const { state, run, emit } = openRun();
  emit();
  state.go(process.hrtime.bigint() - 1n, 1n);
  emit();
  emit();
  const ended = run.untilEnd({}, () => {});
  emit();
  state.stop(60_000_000_000n);
  await ended;
  emit();
  expect(state.get('rows')).toBe(3);
});

test('what it says while it is stopped counts', async () => {
  const { state, run, emit } = openRun();
  state.go(process.hrtime.bigint() - 1n, 1n);
  state.stop(60_000_000_000n);
  let stage = 'sample';
  await run.untilEnd({ stop: emit }, () => (stage = 'stop'));
  expect([stage, state.get('rows')]).toEqual(['stop', 1]);
});

test('the first failure ends it, and what it had said before is kept', async () => {
  const { state, run, emit } = openRun();
  state.go(process.hrtime.bigint() - 1n, 1n);
  emit();
  const ended = run.untilEnd({}, () => {});
  run.onFailure(new Error('the first'));
  run.onFailure(new Error('what followed'));
  await expect(ended).rejects.toThrow('the first');
  expect(state.get('rows')).toBe(1);
});
