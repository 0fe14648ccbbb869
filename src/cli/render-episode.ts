import type { DryRun, EpisodeResult } from '../core/episode/episode-runner.js';
import { formatDuration } from '../core/time/duration.js';
import { oneLine } from './sanitize.js';

/** schemas/results/episode-start.schema.json */
export function episodeDocument({
  id,
  path,
  status,
  endReason,
  verdict,
}: EpisodeResult): Readonly<Record<string, unknown>> {
  return { id, path, status, end_reason: endReason, grade: verdict.grade, reasons: verdict.reasons };
}

export function episodeText({ path, status, endReason, verdict }: EpisodeResult): string {
  const reasons = verdict.reasons.map((reason) => `  - ${oneLine(reason)}\n`).join('');
  return `${status} (${endReason}), grade ${verdict.grade}\n${reasons}${path}\n`;
}

/** The dry run's part of schemas/results/episode-start.schema.json */
export function dryRunDocument({ plan, collectors }: DryRun): Readonly<Record<string, unknown>> {
  return {
    dry_run: true,
    output: plan.outputFolder,
    target: plan.target.type,
    duration_ns: plan.durationNs,
    seed: plan.evidence.seed ?? null,
    is_seed_drawn: plan.isSeedDrawn,
    phases: plan.phases.map(({ name, label, startNs, endNs }) => ({ name, label, start_ns: startNs, end_ns: endNs })),
    collectors,
  };
}

export function dryRunText({ plan, collectors }: DryRun): string {
  const phases = plan.phases
    .map(({ name, label, startNs, endNs }) => `  ${name} (${label}) ${formatDuration(endNs - startNs)}\n`)
    .join('');
  const width = Math.max(...collectors.map(({ source }) => source.length));
  const lines = collectors.map(({ source, available_in_deployment: isDeployable, status, reason }) => {
    const kind = isDeployable === null ? '-         ' : isDeployable ? 'deployable' : 'oracle    ';
    return `  ${source.padEnd(width)}  ${kind}  ${status}${reason === null ? '' : `: ${oneLine(reason)}`}\n`;
  });
  return `would record a ${plan.target.type} target for ${formatDuration(plan.durationNs)} in ${plan.outputFolder}\nphases:\n${phases}${seedText(plan)}collectors:\n${lines.join('')}`;
}

/** What is drawn here is not what the recording will draw, unless the seed is given. */
function seedText({ evidence, isSeedDrawn }: DryRun['plan']): string {
  if (!isSeedDrawn) return '';
  return `drawn from seed ${evidence.seed}; a recording draws a seed of its own, unless the configuration gives one\n`;
}
