import { symlinkSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { probeCollector } from '../../../src/core/collection/probe.js';
import syscalls from '../../../src/plugins/syscalls/index.js';
import { fakeMachine, ROOT, UNPRIVILEGED } from '../support/fake-tools.js';

const MACHINE = {
  'bin/bpftrace': '#!/bin/sh\nexit 0\n',
  'proc/self/status': ROOT,
  'proc/self/ns/pid': '',
  'proc/sys/kernel/unprivileged_bpf_disabled': '2\n',
  'sys/kernel/tracing/events/raw_syscalls/sys_enter/format': '',
};

function probe(files: Record<string, string>, namespace = 4026531836, intervalNs = 1e8) {
  const { roots } = fakeMachine({ 'proc/self/ns/pid': '', ...files });
  unlinkSync(join(roots.proc, 'self/ns/pid'));
  symlinkSync(`pid:[${namespace}]`, join(roots.proc, 'self/ns/pid'));
  return probeCollector(syscalls as never, { roots, intervalNs } as never);
}

const without = (path: string) => Object.fromEntries(Object.entries(MACHINE).filter(([key]) => !key.startsWith(path)));

test('all is well where bpftrace runs', async () => {
  expect(await probe(MACHINE)).toEqual({ status: 'ok' });
});

test('tracefs may be where it was before Linux 4.1', async () => {
  const files = { ...without('sys/'), 'sys/kernel/debug/tracing/events/raw_syscalls/sys_enter/format': '' };
  expect(await probe(files)).toEqual({ status: 'ok' });
});

test.each([
  ['no program', without('bin/'), /no program "bpftrace"/, /apt-get install bpftrace/],
  ['no root', { ...MACHINE, 'proc/self/status': UNPRIVILEGED }, /runs as root only, and this is user 1000/, /as root/],
  [
    'no rights',
    { ...MACHINE, 'proc/self/status': 'Uid:\t0\t0\nCapEff:\t0\n' },
    /lacks CAP_BPF and CAP_PERFMON/,
    /root/,
  ],
  ['no BPF', without('proc/sys'), /no bpf\(2\)/, /CONFIG_BPF_SYSCALL/],
  ['no tracefs', without('sys/'), /raw_syscalls/, /mount -t tracefs tracefs \/sys\/kernel\/tracing/],
  ['no luck', { ...MACHINE, 'bin/bpftrace': '#!/bin/sh\necho locked down >&2; exit 1\n' }, /: locked down/, /lockdown/],
])('%s: the reason and the remedy', async (_, files, reason, remedy) => {
  const result = await probe(files);
  expect(result.status).toBe('unavailable');
  expect(result.reason).toMatch(reason);
  expect(result.remedy).toMatch(remedy);
});

test('in a pid namespace of its own it could not tell the target', async () => {
  expect(await probe(MACHINE, 4026532500)).toMatchObject({
    status: 'unavailable',
    reason: expect.stringContaining('namespace'),
  });
});

test.each([1e6, 12.5e6, 6e9])('an interval of %d ns is none that it can keep to', async (intervalNs) => {
  expect(await probe(MACHINE, undefined, intervalNs)).toMatchObject({
    status: 'unavailable',
    reason: expect.stringContaining(`its interval is ${intervalNs / 1e6} ms`),
    remedy: 'give it an "interval" from 10ms to 5s',
  });
});
