import { expect, test } from 'vitest';
import { eventsFor } from '../../../src/plugins/perf/events.js';
import { Intervals } from '../../../src/plugins/perf/intervals.js';
import type { PerfLine } from '../../../src/plugins/perf/parser.js';

const line = (atNs: bigint, event: string, fields: Partial<PerfLine> = {}): PerfLine => ({
  atNs,
  event,
  count: 1,
  isSupported: true,
  runNs: 1000,
  ratio: 1,
  ...fields,
});

function rowsOf(lines: readonly PerfLine[], hardware = false) {
  const intervals = new Intervals({ hardware });
  return [...lines.map((each) => intervals.add(each)), intervals.flush()].filter((interval) => interval !== null);
}

const whole = (atNs: bigint, fields: Partial<PerfLine> = {}, hardware = false) =>
  eventsFor({ hardware }).map((event) => line(atNs, event, fields));

test('an interval is complete with its last event, and its span is the time since the one before', () => {
  const intervals = new Intervals({ hardware: false });
  const done = whole(100n).map((each) => intervals.add(each)?.row.span_ns);
  expect(done).toEqual([undefined, undefined, undefined, undefined, undefined, 100n]);
  expect(rowsOf([...whole(100n), ...whole(250n)]).map(({ row }) => row.span_ns)).toEqual([100n, 150n]);
});

test('one that lacks an event is complete when the next begins, or at the end, with null for it', () => {
  const lines = [...whole(100n).slice(1), ...whole(200n).slice(0, 5)];
  const [first, second, ...none] = rowsOf(lines).map(({ row }) => row);
  expect(none).toEqual([]);
  expect(first).toMatchObject({ task_clock_ns: null, major_faults: 1 });
  expect(second).toMatchObject({ task_clock_ns: 1000, major_faults: null });
});

test('CPU time is the run time of task-clock, whose value perf rounds', () => {
  expect(rowsOf(whole(100n, { runNs: 2296905 }))[0]?.row.task_clock_ns).toBe(2296905);
});

test('what was not counted for want of running is zero', () => {
  const [idle] = rowsOf(whole(100n, { count: null, runNs: 0 }, true), true);
  expect(idle?.row).toMatchObject({ task_clock_ns: 0, minor_faults: 0, cycles: 0, hardware_running_ratio: null });
});

test('a hardware event that waited for a counter while the target ran is unknown', () => {
  const lines = whole(100n, {}, true).map((each) =>
    each.event === 'cycles' ? { ...each, count: null, runNs: 0 } : { ...each, ratio: 0.25 },
  );
  expect(rowsOf(lines, true)[0]?.row).toMatchObject({ cycles: null, branches: 1, hardware_running_ratio: 0.25 });
});

test('events that were not asked for, and times that go back, change nothing', () => {
  const lines = [line(100n, 'cycles'), ...whole(100n), line(50n, 'page-faults', { count: 9 }), ...whole(200n)];
  expect(rowsOf(lines).map(({ atNs }) => atNs)).toEqual([100n, 200n]);
});
