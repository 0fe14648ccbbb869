import type { Vantage } from '../contract/collector.js';
import type { CollectorConfig, TargetConfig } from './config.js';
import type { PlannedCollector } from './plan.js';
import { planDuration } from './plan-duration.js';

const DEFAULT_INTERVAL = '100ms';
const MIN_INTERVAL_NS = 1e6;
/** The one collector that a virtual machine's user means to look from inside: the deployable one. */
const GUEST_COLLECTORS = new Set(['system', 'cis490#system']);

export interface PlanCollectorOptions {
  /** Null where the target is broken or missing, which is a problem of its own. */
  readonly targetType: TargetConfig['type'] | null;
  /** Of the interval: a tick that is sampled later counts as late. */
  readonly latenessShare: number;
  readonly problems: string[];
}

export function planCollector(
  source: string,
  { interval = DEFAULT_INTERVAL, use = source, vantage, optional = false, options = {} }: CollectorConfig,
  { targetType, latenessShare, problems }: PlanCollectorOptions,
): PlannedCollector {
  const intervalNs = planDuration(interval, `collectors.${source}.interval`, problems);
  if (intervalNs > 0 && intervalNs < MIN_INTERVAL_NS)
    problems.push(`collectors.${source}.interval is "${interval}"; the shortest is 1ms`);
  if (vantage === 'guest' && targetType !== null && targetType !== 'qemu')
    problems.push(
      `collectors.${source}.vantage is "guest", but target.type is "${targetType}"; a "qemu" target alone has an inside to look from`,
    );
  return {
    source,
    use,
    vantage: vantage ?? defaultVantage(use, targetType),
    isOptional: optional,
    intervalNs,
    lateAfterNs: latenessShare * intervalNs,
    options,
  };
}

function defaultVantage(use: string, targetType: TargetConfig['type'] | null): Vantage {
  return targetType === 'qemu' && GUEST_COLLECTORS.has(use) ? 'guest' : 'local';
}
