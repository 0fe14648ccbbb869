import { expect, test } from 'vitest';
import { probePerf } from '../../../src/plugins/perf/probe.js';
import { fakeMachine, ROOT, UNPRIVILEGED } from '../support/fake-tools.js';

const CLOCK = '0.99,msec,task-clock,991591,100.00,0.001,CPUs utilized';
const EVENTS = ['cycles', 'instructions', 'branches', 'branch-misses', 'cache-references', 'cache-misses'];
const counters = (value: string) => EVENTS.map((event) => `${value},,${event},0,100.00,,`);
const perf = (...lines: string[]) => `#!/bin/sh\n${lines.map((line) => `echo '${line}'`).join('\n')}\n`;

function probe(files: Record<string, string>, hardware = true) {
  const { roots } = fakeMachine(files);
  return probePerf({ roots, options: { interval_ms: 100, hardware } } as never);
}

const machine = (script: string, paranoia = '2', status = ROOT) => ({
  'bin/perf': script,
  'proc/sys/kernel/perf_event_paranoid': `${paranoia}\n`,
  'proc/self/status': status,
});

test('all is well where every event is counted', () => {
  expect(probe(machine(perf(CLOCK, ...counters('7'))))).toEqual({ status: 'ok' });
});

test('without the program it says how to get it', () => {
  expect(probe({})).toMatchObject({ status: 'unavailable', remedy: 'apt-get install linux-perf' });
});

test('a virtual machine without counters is good for the rest', () => {
  const script = perf(CLOCK, ...counters('<not supported>'));
  expect(probe(machine(script))).toMatchObject({
    status: 'partial',
    remedy: expect.stringContaining('"hardware": false'),
  });
  expect(probe(machine(script), false)).toEqual({ status: 'ok' });
});

test('a paranoid kernel wants privileges', () => {
  const script = perf(CLOCK, ...counters('7'));
  expect(probe(machine(script, '2', UNPRIVILEGED))).toMatchObject({
    status: 'unavailable',
    reason: 'kernel.perf_event_paranoid is 2, and CAP_PERFMON is missing',
  });
  expect(probe(machine(script, '1', UNPRIVILEGED))).toEqual({ status: 'ok' });
});

test('a kernel without performance events', () => {
  expect(probe({ 'bin/perf': perf(CLOCK) })).toMatchObject({
    status: 'unavailable',
    reason: expect.stringContaining('no performance events'),
  });
});

test('what perf says when it can not count is the reason', () => {
  expect(probe(machine('#!/bin/sh\necho "no such syscall" >&2; exit 1\n'))).toMatchObject({
    status: 'unavailable',
    reason: 'perf can not count here: no such syscall',
  });
});
