import { readFileSync } from 'node:fs';
import { arch, hostname, release, totalmem } from 'node:os';
import { configDigest } from '../config/config-digest.js';
import type { Plan } from '../config/plan.js';
import { resolvedConfig } from '../config/resolved-config.js';
import type { VantageFacts } from '../contract/collector.js';
import { integerAfter } from '../contract/read-integer.js';
import type { Guest } from '../guest/guest.js';
import { labelFigures, type RecordedLabel } from '../labels/label-figures.js';
import { bootId } from '../recorder/boot-id.js';
import { ownIdentity } from '../recorder/recorder-identity.js';
import { redact } from '../redaction/redact.js';
import type { Target, TargetExit } from '../targets/target.js';
import { readBoottime } from '../time/boottime.js';
import type { Clock } from '../time/clock.js';
import { catchWallAnchor, type WallAnchor } from '../time/wall-anchor.js';
import type { CollectorFigures } from './collector-figures.js';
import type { EpisodeClock } from './episode-clock.js';
import { type ClockReading, type ClosedPhase, type EndReason, type Meta, SCHEMA_VERSION, type Status } from './meta.js';

export interface MetaBase {
  readonly id: string;
  readonly plan: Plan;
  readonly version: string;
  readonly facts: VantageFacts;
  readonly start: ClockReading;
}

export interface MetaProgress {
  readonly status: Status;
  readonly collectors: readonly CollectorFigures[];
  readonly clock?: EpisodeClock;
  readonly phases?: readonly ClosedPhase[];
  readonly end?: {
    readonly reason: EndReason;
    readonly atNs: bigint;
    readonly clocks: ClockReading;
    readonly labels: readonly RecordedLabel[];
    /** Of a CPU, that the recorder took. */
    readonly cpuShare: number;
    readonly targetExit: TargetExit | null;
  };
}

/** meta.json from what is fixed for the episode and how far it came; the verdict on it is made of it. */
export function buildMeta(
  base: MetaBase,
  target: Pick<Target, 'facts' | 'guest'>,
  { status, collectors, clock, phases = [], end }: MetaProgress,
): Meta {
  const { id, plan, version, facts, start } = base;
  const config = resolvedConfig(plan, new Map(collectors.map(({ source, options }) => [source, options])));
  return {
    schema_version: SCHEMA_VERSION,
    id,
    status,
    end_reason: end?.reason ?? null,
    grade: null,
    grade_reasons: [],
    ...(redact(plan.evidence) as Plan['evidence']),
    recovered: false,
    recovery: null,
    recorder: recorder(version, end?.cpuShare ?? null),
    profile: plan.profile,
    config,
    config_sha256: configDigest(config),
    clocks: {
      start,
      origin_monotonic_ns: clock?.originNs ?? null,
      origin_realtime_ns: clock?.at(0n).t_wall_ns ?? null,
      end: end?.clocks ?? null,
      drift_ns: end === undefined || clock === undefined ? null : driftOf(clock.anchor, end.clocks),
    },
    duration_ns: plan.durationNs,
    end_ns: end?.atNs ?? null,
    vantages: { local: machineFacts(facts), ...(target.guest && { guest: guestFacts(target.guest) }) },
    target: target.facts,
    target_exit: end?.targetExit ?? null,
    planned_phases: plan.phases.map(({ name, label, startNs, endNs, run, oneshot, technique }) => ({
      name,
      label,
      start_ns: startNs,
      end_ns: endNs,
      run: redact(run),
      oneshot,
      technique,
    })),
    phases,
    ...(end && { labels: labelFigures(end.labels, plan.phases, Number(end.atNs)) }),
    collectors,
  };
}

/** `cpuShare`: null while it records. */
function recorder(version: string, cpuShare: number | null): Meta['recorder'] {
  const cpu = process.cpuUsage();
  const isOver = cpuShare !== null;
  return {
    name: 'cis490',
    version,
    node: process.versions.node,
    ...ownIdentity(),
    cpu_user_us: isOver ? cpu.user : null,
    cpu_system_us: isOver ? cpu.system : null,
    max_rss_bytes: isOver ? peakResidentBytes() : null,
    cpu_share: cpuShare,
  };
}

/** Not getrusage(2), whose maximum survives fork and exec: it may be that of whoever started this process. */
function peakResidentBytes(): number | null {
  const peak = integerAfter(readFileSync('/proc/self/status', 'latin1'), '\nVmHWM:');
  return peak === null ? null : Number(peak) * 1024;
}

function machineFacts({ pageSizeBytes, clockTicksPerSecond, cpus }: VantageFacts): Readonly<Record<string, unknown>> {
  return {
    hostname: hostname(),
    kernel: release(),
    architecture: arch(),
    cpus,
    memory_bytes: totalmem(),
    page_size_bytes: pageSizeBytes,
    clock_ticks_per_second: clockTicksPerSecond,
    boot_id: bootId(),
  };
}

/** What the guest says of itself, and how far its clock lies from ours. */
function guestFacts({ facts, clock }: Guest): Readonly<Record<string, unknown>> {
  return {
    hostname: facts.hostname,
    kernel: facts.kernel,
    architecture: facts.architecture,
    cpus: facts.cpus,
    memory_bytes: facts.memoryBytes,
    page_size_bytes: facts.pageSizeBytes,
    clock_ticks_per_second: facts.clockTicksPerSecond,
    boot_id: facts.bootId,
    clock_offset: clock,
  };
}

/** All three clocks at one instant, as near as can be had. Takes up to 11 ms. */
export function readClocks(clock: Clock): { readonly anchor: WallAnchor; readonly reading: ClockReading } {
  const boottime = readBoottime(clock);
  const anchor = catchWallAnchor(clock);
  return {
    anchor,
    reading: {
      monotonic_ns: anchor.monotonicNs,
      realtime_ns: anchor.realtimeNs,
      realtime_error_ns: anchor.errorNs,
      boottime_ns: boottime === null ? null : boottime.boottimeNs + (anchor.monotonicNs - boottime.monotonicNs),
      boottime_error_ns: boottime?.errorNs ?? null,
    },
  };
}

function driftOf(anchor: WallAnchor, end: ClockReading): bigint {
  return end.realtime_ns - anchor.realtimeNs - (end.monotonic_ns - anchor.monotonicNs);
}
