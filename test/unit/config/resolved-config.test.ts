import { expect, test } from 'vitest';
import { resolvedConfig } from '../../../src/core/config/resolved-config.js';
import { planOf, TARGET } from '../support/plan-harness.js';

const resolve = (raw: object) => resolvedConfig(planOf(raw));

test('what was drawn stands beside what it was drawn from', () => {
  const phases = [
    { name: 'baseline', label: 'benign', duration: { min: '5s', max: '10s' } },
    { name: 'end', label: 'benign', duration: '1s' },
  ];
  expect(resolve({ target: TARGET, seed: 7, phases })).toMatchObject({
    seed: 7,
    order: 'given',
    duration_ns: 7515e6,
    phases: [
      { name: 'baseline', duration_ns: 6515e6, duration_range_ns: { min: 5e9, max: 10e9 }, run: null, is_idle: false },
      { name: 'end', duration_ns: 1e9, duration_range_ns: null },
    ],
  });
});

test('a virtual machine is told with its defaults, in bytes and nanoseconds', () => {
  expect(resolve({ seed: 7, target: { type: 'qemu' } }).target).toEqual({
    type: 'qemu',
    image: 'lab',
    kernel: null,
    initrd: null,
    append: null,
    disk: null,
    scratch_bytes: null,
    memory_bytes: 268_435_456,
    cpus: 1,
    accel: 'auto',
    cpu: null,
    args: [],
    start: 'restored',
    boot_timeout_ns: 60e9,
    settle_range_ns: { min: 500e6, max: 1500e6 },
    settle_ns: 512e6,
    network: 'none',
    capture: false,
  });
});

test('its secrets are not told, in a kernel command line either', () => {
  const target = {
    type: 'qemu',
    kernel: 'k',
    append: 'console=ttyS0  root_password=x panic=-1',
    args: ['-vnc', ':1', '--token', 'x', 'https://me:x@host/'],
    settle: '1s',
  };
  expect(resolve({ target }).target).toMatchObject({
    append: 'console=ttyS0  root_password=[redacted] panic=-1',
    args: ['-vnc', ':1', '--token', '[redacted]', 'https://[redacted]@host/'],
    settle_range_ns: null,
    settle_ns: 1e9,
  });
});
