import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EventLog } from '../../../src/core/episode/event-log.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const TIMES = { t_mono_ns: 5n, t_wall_ns: 1795458771000250017n };

function openLog() {
  const path = join(temporaryFolder(), 'events.jsonl');
  const failures: unknown[] = [];
  const log = new EventLog(path, (error) => failures.push(error));
  return {
    log,
    failures,
    rows: () =>
      readFileSync(path, 'utf8')
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line)),
  };
}

test('an event is a line with its times, its name, its source and its own fields', () => {
  const { log, rows } = openLog();
  log.write(TIMES, 'signal', 'recorder', { signal: 'SIGINT' });
  log.close();
  expect(rows()).toEqual([
    { t_mono_ns: 5, t_wall_ns: Number(TIMES.t_wall_ns), event: 'signal', source: 'recorder', signal: 'SIGINT' },
  ]);
});

test("a plugin's own fields never take the place of times, name or source", () => {
  const { log, rows } = openLog();
  log.write(TIMES, 'target_event', 'gpu', {
    code: 'x',
    event: 'episode_ended',
    source: 'recorder',
    t_mono_ns: -1n,
    t_wall_ns: 0n,
  });
  log.close();
  expect(rows()[0]).toMatchObject({ t_mono_ns: 5, event: 'target_event', source: 'gpu', code: 'x' });
});

test.each([
  ['a list with a bigint', [1n]],
  ['a record', { a: 1n }],
])("%s among a plugin's fields is no failure of the recording", (_, value) => {
  const { log, failures } = openLog();
  log.write(TIMES, 'target_event', 'gpu', { code: 'x', value });
  log.close();
  expect(failures).toEqual([]);
});
