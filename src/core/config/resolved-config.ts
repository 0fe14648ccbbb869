import { redact } from '../redaction/redact.js';
import type { Plan, PlannedPhase } from './plan.js';
import { resolvedTarget } from './resolved-target.js';

/**
 * The configuration as it was understood, with every default filled in and secrets redacted. `options` replaces what
 * was written for a collector by what its plugin made of it.
 */
export function resolvedConfig(
  plan: Plan,
  options: ReadonlyMap<string, unknown> = new Map(),
): Readonly<Record<string, unknown>> {
  const { profile, target, durationNs, phases, order, classes, collectors, grade, plugins, evidence, outputFolder } =
    plan;
  return {
    profile,
    target: resolvedTarget(target),
    ...(redact(evidence) as object),
    order,
    classes,
    phases: phases.map(resolvedPhase),
    duration_ns: durationNs,
    collectors: Object.fromEntries(
      collectors.map(({ source, use, vantage, isOptional, intervalNs, options: written }) => [
        source,
        {
          use,
          vantage,
          optional: isOptional,
          interval_ns: intervalNs,
          options: redact(options.get(source) ?? written),
        },
      ]),
    ),
    grade,
    plugins,
    output: outputFolder,
  };
}

function resolvedPhase({
  name,
  label,
  startNs,
  endNs,
  run,
  oneshot,
  technique,
  durationRange,
  isIdle,
}: PlannedPhase): Readonly<Record<string, unknown>> {
  return {
    name,
    label,
    duration_ns: endNs - startNs,
    duration_range_ns: durationRange === null ? null : { min: durationRange.minNs, max: durationRange.maxNs },
    run: redact(run),
    is_idle: isIdle,
    oneshot,
    technique,
  };
}
