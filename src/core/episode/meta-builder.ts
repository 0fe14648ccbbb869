import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { arch, hostname, release, totalmem } from 'node:os';
import type { Plan } from '../config/plan.js';
import { redact } from '../config/redact.js';
import { resolvedConfig } from '../config/resolved-config.js';
import type { VantageFacts } from '../contract/collector.js';
import { integerAfter } from '../contract/read-integer.js';
import { readProcessStat } from '../procfs/process-stat.js';
import type { TargetFacts } from '../targets/target.js';
import { readBoottime } from '../time/boottime.js';
import type { Clock } from '../time/clock.js';
import { catchWallAnchor, type WallAnchor } from '../time/wall-anchor.js';
import type { CollectorFigures } from './collector-figures.js';
import type { EpisodeClock } from './episode-clock.js';
import type { Verdict } from './grade.js';
import { type ClockReading, type ClosedPhase, type EndReason, type Meta, SCHEMA_VERSION, type Status } from './meta.js';

export interface MetaBase {
  readonly id: string;
  readonly plan: Plan;
  readonly version: string;
  readonly facts: VantageFacts;
  readonly target: TargetFacts;
  readonly start: ClockReading;
}

export interface MetaProgress {
  readonly status: Status;
  readonly collectors: readonly CollectorFigures[];
  readonly clock?: EpisodeClock;
  readonly phases?: readonly ClosedPhase[];
  readonly end?: { readonly reason: EndReason; readonly atNs: bigint; readonly clocks: ClockReading };
  readonly verdict?: Verdict;
}

/** meta.json from what is fixed for the episode and how far it came. */
export function buildMeta(
  base: MetaBase,
  { status, collectors, clock, phases = [], end, verdict }: MetaProgress,
): Meta {
  const { id, plan, version, facts, target, start } = base;
  const config = resolvedConfig(plan, new Map(collectors.map(({ source, options }) => [source, options])));
  return {
    schema_version: SCHEMA_VERSION,
    id,
    status,
    end_reason: end?.reason ?? null,
    grade: verdict?.grade ?? null,
    grade_reasons: verdict?.reasons ?? [],
    ...plan.evidence,
    recorder: recorder(version, end !== undefined),
    profile: plan.profile,
    config,
    config_sha256: createHash('sha256').update(JSON.stringify(config)).digest('hex'),
    clocks: {
      start,
      origin_monotonic_ns: clock?.originNs ?? null,
      origin_realtime_ns: clock?.at(0n).t_wall_ns ?? null,
      end: end?.clocks ?? null,
      drift_ns: end === undefined || clock === undefined ? null : driftOf(clock.anchor, end.clocks),
    },
    duration_ns: plan.durationNs,
    end_ns: end?.atNs ?? null,
    vantages: { local: machineFacts(facts) },
    target,
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
    collectors,
  };
}

function recorder(version: string, isOver: boolean): Meta['recorder'] {
  const cpu = process.cpuUsage();
  return {
    name: 'cis490',
    version,
    node: process.versions.node,
    pid: process.pid,
    start_time_ticks: readProcessStat('/proc', 'self')?.startTimeTicks ?? 0n,
    boot_id: bootId(),
    cpu_user_us: isOver ? cpu.user : null,
    cpu_system_us: isOver ? cpu.system : null,
    max_rss_bytes: isOver ? peakResidentBytes() : null,
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

function bootId(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return null;
  }
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
