import type { ClockReading, ClosedPhase, Meta } from '../episode/meta.js';
import { acceptedTime, timeInWords } from './in-words.js';
import type { GradeThresholds } from './thresholds.js';

/** What of meta.json concerns the recording as a whole. Read back, its integers may be bigints. */
export type GradedRecording = Pick<Meta, 'planned_phases' | 'phases' | 'end_ns' | 'labels' | 'clocks' | 'recorder'>;

const NS_PER_S = 1e9;

type Criterion = (recording: GradedRecording, limits: GradeThresholds) => readonly string[];

/** A sentence for each figure of phases, labels, clocks and recorder that is beyond its threshold. */
export function recordingReasons(recording: GradedRecording, limits: GradeThresholds): string[] {
  return CRITERIA.flatMap((criterion) => criterion(recording, limits));
}

const unreached: Criterion = ({ planned_phases, phases }) => {
  const reached = new Set(phases.map(({ name }) => name));
  const missing = planned_phases.map(({ name }) => String(name)).filter((name) => !reached.has(name));
  return missing.length > 0 ? [`phases never reached: ${missing.join(', ')}`] : [];
};

const delays: Criterion = ({ phases }, limits) => phases.flatMap((phase) => delay(phase, limits));

function delay(
  { name, start_ns, planned_start_ns, planned_end_ns }: ClosedPhase,
  { phase_delay_ns, phase_delay_share }: GradeThresholds,
): string[] {
  const late = Number(start_ns) - Number(planned_start_ns);
  const limit = Math.max(phase_delay_ns, phase_delay_share * (Number(planned_end_ns) - Number(planned_start_ns)));
  return late > limit ? [`phase "${name}" began ${timeInWords(late)} after its plan; ${acceptedTime(limit)}`] : [];
}

const coverage: Criterion = ({ labels }, { label_coverage }) =>
  labels !== undefined && labels.coverage < label_coverage
    ? [`labels stand as planned for ${labels.coverage} of the time; at least ${label_coverage} is asked for`]
    : [];

const uncertainty: Criterion = ({ labels }, { label_uncertainty_ns: limit }) => {
  const ns = Number(labels?.max_uncertainty_ns ?? 0);
  return ns > limit ? [`a label is uncertain by ${timeInWords(ns)}; ${acceptedTime(limit)}`] : [];
};

/**
 * CLOCK_MONOTONIC stands still while the machine is suspended: no row shows that gap, and the wall clock goes on. What the
 * readings may be off counts against the recording.
 */
const clock: Criterion = ({ clocks: { start, end, drift_ns } }, { clock_drift_ns: limit }) => {
  if (end === null || drift_ns === null) return [];
  const suspension = suspensionOf(start, end);
  const isSuspended = suspension.ns + suspension.errorNs > limit;
  const wallErrorNs = Number(start.realtime_error_ns) + Number(end.realtime_error_ns);
  const driftNs = isSuspended
    ? Math.abs(Number(drift_ns) - suspension.ns) + wallErrorNs + suspension.errorNs
    : Math.abs(Number(drift_ns)) + wallErrorNs;
  return [
    ...(isSuspended
      ? [`the machine was suspended for ${timeInWords(suspension.ns + suspension.errorNs)}; ${acceptedTime(limit)}`]
      : []),
    ...(driftNs > limit
      ? [`the wall clock went ${timeInWords(driftNs)} away from its anchor; ${acceptedTime(limit)}`]
      : []),
  ];
};

/** How much further CLOCK_BOOTTIME went than CLOCK_MONOTONIC; 0 where it can't be read. */
function suspensionOf(start: ClockReading, end: ClockReading): { readonly ns: number; readonly errorNs: number } {
  if (start.boottime_ns === null || end.boottime_ns === null) return { ns: 0, errorNs: 0 };
  const boottime = BigInt(end.boottime_ns) - BigInt(start.boottime_ns);
  return {
    ns: Number(boottime - (BigInt(end.monotonic_ns) - BigInt(start.monotonic_ns))),
    errorNs: Number(start.boottime_error_ns) + Number(end.boottime_error_ns),
  };
}

/** What a beginning costs says nothing of a recording of milliseconds: it is spread over a second at least. */
const overhead: Criterion = ({ recorder: { cpu_share }, end_ns }, { recorder_cpu_share: limit }) => {
  const share = (cpu_share ?? 0) * Math.min(1, Number(end_ns) / NS_PER_S);
  if (share <= limit) return [];
  return [`the recorder took ${Math.ceil(share * 1000) / 1000} of a CPU; up to ${limit} is accepted`];
};

const CRITERIA: readonly Criterion[] = [unreached, delays, coverage, uncertainty, clock, overhead];
