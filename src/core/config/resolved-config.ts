import type { Plan } from './plan.js';
import { redact } from './redact.js';

/**
 * The configuration as it was understood, with every default filled in and secrets redacted. `options` replaces what
 * was written for a collector by what its plugin made of it.
 */
export function resolvedConfig(
  plan: Plan,
  options: ReadonlyMap<string, unknown> = new Map(),
): Readonly<Record<string, unknown>> {
  const { profile, target, durationNs, phases, collectors, plugins, evidence, outputFolder } = plan;
  return {
    profile,
    target: redact(target),
    ...(redact(evidence) as object),
    phases: phases.map(({ name, label, startNs, endNs, run, oneshot, technique }) => ({
      name,
      label,
      duration_ns: endNs - startNs,
      run: redact(run),
      oneshot,
      technique,
    })),
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
    plugins,
    output: outputFolder,
  };
}
