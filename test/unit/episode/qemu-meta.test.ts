import { expect, test } from 'vitest';
import type { CollectorFigures } from '../../../src/core/episode/collector-figures.js';
import { buildMeta, readClocks } from '../../../src/core/episode/meta-builder.js';
import type { GuestFacts } from '../../../src/core/guest/guest-facts.js';
import { printJson } from '../../../src/core/json/exact-json.js';
import type { Target, TargetExit } from '../../../src/core/targets/target.js';
import { systemClock } from '../../../src/core/time/clock.js';
import { readJson } from '../../support/cli.js';
import { schemas, validator } from '../../support/schemas.js';
import { planOf } from '../support/plan-harness.js';

const OFFSET = { offset_ns: -1_795_458_771_000_250_017n, error_ns: 412_001n, monotonic_ns: 5_000_000_000n };
const FACTS: GuestFacts = {
  pageSizeBytes: 4096,
  clockTicksPerSecond: 100,
  cpus: 1,
  hostname: 'lab',
  kernel: '6.1.0-30-cloud-amd64',
  architecture: 'x86_64',
  memoryBytes: 225_280_000,
  bootId: '4b8f0b4e-0d3c-4f6f-8b5e-3f6d5e0a2f11',
};
const UNKNOWN = { hostname: null, kernel: null, architecture: null, memoryBytes: null, bootId: null };
const PERCENTILES = { p50: 900_000, p99: 4_000_000, max: 12_000_000 };
const SYSTEM: CollectorFigures = {
  source: 'system',
  plugin: { name: 'system', version: '0.1.0', owner: 'cis490', origin: 'builtin' },
  kind: 'files',
  row_version: 1,
  row_schema: readJson(`${schemas}/sources/system.schema.json`),
  vantage: 'guest',
  available_in_deployment: true,
  availability_rationale: 'It can be read on the device itself.',
  is_sparse: false,
  interval_ns: 1e8,
  options: {},
  state: 'ok',
  state_reason: null,
  ticks_scheduled: 80,
  ticks_run: 79,
  ticks_missed: 1,
  rows: 79,
  rows_invalid: 0,
  rows_lost: 0,
  sample_errors: 0,
  errors: {},
  bytes: 80_000,
  longest_gap_ns: 200_000_000,
  lateness_ns: PERCENTILES,
  time_uncertainty_ns: PERCENTILES,
};

interface Parts {
  readonly facts?: Partial<GuestFacts>;
  readonly hasGuest?: boolean;
  readonly exit?: TargetExit | null;
  readonly end?: typeof OFFSET | null;
}

const START = {
  mode: 'restored',
  state_id: '0123',
  fallback: null,
  to_agent_ns: 300_000_000n,
  to_ready_ns: 400_000_000n,
  random: 'reseeded',
  settle_ns: 1e9,
};

/** meta.json of an episode of a virtual machine. */
function textOf({ facts = {}, hasGuest = true, exit = null, end = OFFSET }: Parts = {}) {
  const { reading } = readClocks(systemClock);
  const target: Pick<Target, 'facts' | 'guest'> = {
    facts: {
      type: 'qemu',
      pid: hasGuest ? 4289 : null,
      start_time_ticks: hasGuest ? 123n : null,
      comm: null,
      exe: hasGuest ? '/usr/bin/qemu-system-x86_64' : null,
      argv: hasGuest ? ['-name', 'cis490'] : null,
      is_vm: true,
      machine: hasGuest ? { accelerator: 'tcg', start: START } : {},
    },
    guest: hasGuest
      ? {
          facts: { ...FACTS, ...facts },
          clock: { start: OFFSET, end },
          serveFiles: () => {
            throw new Error('nobody reads here');
          },
        }
      : null,
  };
  const meta = buildMeta(
    {
      id: '01JDXQ6R5T0123456789ABCDEF',
      plan: planOf({ target: { type: 'qemu' }, phases: [{ name: 'a', label: 'benign', duration: '8s' }] }),
      version: '0.1.0',
      facts: FACTS,
      start: reading,
    },
    target,
    {
      status: hasGuest ? 'complete' : 'running',
      collectors: [SYSTEM],
      ...(hasGuest && {
        end: {
          reason: 'target_exited',
          atNs: 8_000_000_000n,
          clocks: reading,
          labels: [],
          cpuShare: 0.02,
          targetExit: exit,
        },
      }),
    },
  );
  return printJson(meta);
}

/** As its readers see it. */
const metaOf = (parts: Parts = {}) => JSON.parse(textOf(parts));

const violations = (meta: unknown) => {
  const validate = validator('meta.schema.json');
  validate(meta);
  return validate.errors;
};

test.each<[string, Parts]>([
  ['that ran to its end', {}],
  ['that has yet to boot', { hasGuest: false }],
  ['that panicked', { exit: { code: 0, signal: null, reason: 'guest-panic' } }],
  ['that was killed, so that nobody could ask for its clock', { exit: { code: null, signal: 'SIGKILL' }, end: null }],
  ['whose guest says nothing of itself', { facts: UNKNOWN }],
])('meta.json of a virtual machine %s is what its schema describes', (_, parts) => {
  expect(violations(metaOf(parts))).toBe(null);
});

test('the guest is a vantage of its own, its clock’s offset exact to the last digit', () => {
  const { vantages, target, target_exit } = metaOf({ exit: { code: 0, signal: null, reason: 'guest-reset' } });
  expect(vantages.guest).toMatchObject({ hostname: 'lab', clock_offset: { start: { error_ns: 412_001 } } });
  expect(textOf()).toContain('"offset_ns": -1795458771000250017');
  expect(target).toMatchObject({ type: 'qemu', is_vm: true, machine: { start: { mode: 'restored' } } });
  expect(target_exit.reason).toBe('guest-reset');
});

test.each<[string, (meta: ReturnType<typeof metaOf>) => void]>([
  ['an offset without its error', (meta) => delete meta.vantages.guest.clock_offset.start.error_ns],
  ['a negative error', (meta) => (meta.vantages.guest.clock_offset.start.error_ns = -1)],
  ['a guest without a clock', (meta) => delete meta.vantages.guest.clock_offset],
  ['a reason that is no text', (meta) => (meta.target_exit = { code: 0, signal: null, reason: 7 })],
  ['an uncertainty of nothing', (meta) => (meta.collectors[0].time_uncertainty_ns = {})],
  ['a type that no target has', (meta) => (meta.target.type = 'xen')],
  ['a third machine', (meta) => (meta.vantages.other = meta.vantages.local)],
])('the schema refuses %s', (_, spoil) => {
  const meta = metaOf();
  spoil(meta);
  expect(violations(meta)).not.toBe(null);
});
