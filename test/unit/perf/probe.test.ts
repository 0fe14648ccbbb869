import { expect, test } from 'vitest';
import { probeCollector } from '../../../src/core/collection/probe.js';
import perfCollector from '../../../src/plugins/perf/index.js';
import { fakeMachine, ROOT, UNPRIVILEGED } from '../support/fake-tools.js';

const CLOCK = '0.99,msec,task-clock,991591,100.00,0.001,CPUs utilized';
const EVENTS = ['cycles', 'instructions', 'branches', 'branch-misses', 'cache-references', 'cache-misses'];
const counters = (value: string) => EVENTS.map((event) => `${value},,${event},0,100.00,,`);
const perf = (...lines: string[]) => `#!/bin/sh\n${lines.map((line) => `echo '${line}'`).join('\n')}\n`;

function probe(files: Record<string, string>, hardware = true) {
  const { roots } = fakeMachine(files);
  return probeCollector(perfCollector as never, { roots, intervalNs: 1e8, options: { hardware } } as never);
}

const machine = (script: string, paranoia = '2', status = ROOT) => ({
  'bin/perf': script,
  'proc/sys/kernel/perf_event_paranoid': `${paranoia}\n`,
  'proc/self/status': status,
});

test('all is well where every event is counted', async () => {
  expect(await probe(machine(perf(CLOCK, ...counters('7'))))).toEqual({ status: 'ok' });
});

test('without the program it says how to get it', async () => {
  expect(await probe({})).toMatchObject({ status: 'unavailable', remedy: 'apt-get install linux-perf' });
});

test('a virtual machine without counters is good for the rest', async () => {
  const script = perf(CLOCK, ...counters('<not supported>'));
  expect(await probe(machine(script))).toMatchObject({
    status: 'partial',
    remedy: expect.stringContaining('"hardware": false'),
  });
  expect(await probe(machine(script), false)).toEqual({ status: 'ok' });
});

test('a paranoid kernel wants privileges', async () => {
  const script = perf(CLOCK, ...counters('7'));
  expect(await probe(machine(script, '2', UNPRIVILEGED))).toMatchObject({
    status: 'unavailable',
    reason: 'kernel.perf_event_paranoid is 2, and CAP_PERFMON is missing',
  });
  expect(await probe(machine(script, '1', UNPRIVILEGED))).toEqual({ status: 'ok' });
});

test('a kernel without performance events', async () => {
  expect(await probe({ 'bin/perf': perf(CLOCK) })).toMatchObject({
    status: 'unavailable',
    reason: expect.stringContaining('no performance events'),
  });
});

test('what perf says when it can not count is the reason', async () => {
  expect(await probe(machine('#!/bin/sh\necho "no such syscall" >&2; exit 1\n'))).toMatchObject({
    status: 'unavailable',
    reason: 'perf can not count here: no such syscall',
  });
});
