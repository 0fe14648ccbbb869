import { resolve } from 'node:path';
import { CisError } from '../errors/cis-error.js';
import type { SchemaRegistry } from '../schemas/schema-registry.js';
import { formatDuration, parseDuration } from '../time/duration.js';
import { type CollectorConfig, type Config, LABELS, type PhaseConfig, type TargetConfig } from './config.js';
import { explainError, isEcho } from './explain-errors.js';
import { applyFlags, type ConfigFlags } from './flags.js';
import type { LoadedConfig } from './load-config.js';
import type { Evidence, Plan, PlannedCollector, PlannedPhase } from './plan.js';

const DEFAULT_DURATION = '10s';
const DEFAULT_INTERVAL = '100ms';
const MIN_INTERVAL_NS = 1e6;

export interface MakePlanOptions {
  readonly loaded: LoadedConfig;
  readonly flags: ConfigFlags;
  /** The `--output` flag, from `cwd`. */
  readonly output?: string | undefined;
  readonly cwd: string;
  readonly schemas: SchemaRegistry;
}

/** A plan, or every problem that keeps it from being one, a sentence each. */
export type PlanResult = { readonly plan: Plan } | BrokenPlan;

/** What is sound of it goes on to be checked by the plugins, so that all problems are told at once. */
interface BrokenPlan extends Pick<Plan, 'collectors' | 'plugins' | 'baseDir'> {
  readonly problems: readonly string[];
}

/** Checks the configuration against its schema and against itself. What a plugin says of its options comes later. */
export function makePlan({ loaded, flags, output, cwd, schemas }: MakePlanOptions): PlanResult {
  if (typeof loaded.raw !== 'object' || loaded.raw === null || Array.isArray(loaded.raw)) {
    return {
      problems: ['the configuration is not a mapping of keys to values'],
      collectors: [],
      plugins: [],
      baseDir: loaded.baseDir,
    };
  }
  const config = applyFlags(loaded.raw as Config, flags);
  const validate = schemas.document('config');
  if (!validate(config)) {
    const errors = (validate.errors ?? []).filter((error) => !isEcho(error));
    const problems = [...new Set(errors.map((error) => explainError(error, '')))];
    const { sound, dropped } = withoutBroken(
      config,
      errors.map(({ instancePath }) => instancePath),
    );
    const rest = planOf(sound, loaded.baseDir, '', dropped);
    const more = 'plan' in rest ? { ...rest.plan, problems: [] } : rest;
    return { ...more, problems: [...problems, ...more.problems] };
  }
  return planOf(config, loaded.baseDir, outputFolder(config, loaded, output, cwd));
}

/** The folder of episodes: the flag's, from where the command is run; the file's, from the file; else data/episodes. */
export function outputFolder(
  config: Config,
  { baseDir }: LoadedConfig,
  output: string | undefined,
  cwd: string,
): string {
  if (output !== undefined) return resolve(cwd, output);
  return typeof config.output === 'string' ? resolve(baseDir, config.output) : resolve(cwd, 'data/episodes');
}

/** Throws CONFIG_INVALID with all problems. */
export function requirePlan(result: PlanResult, problems: readonly string[] = []): Plan {
  const all = [...('problems' in result ? result.problems : []), ...problems];
  if ('plan' in result && all.length === 0) return result.plan;
  throw new CisError(
    'CONFIG_INVALID',
    `the configuration has ${all.length === 1 ? 'a problem' : `${all.length} problems`}`,
    { problems: all },
  );
}

/** The parts of a configuration in which no violation was found: keys of phases, whole collectors and other keys are left out. */
function withoutBroken(
  config: Config,
  paths: readonly string[],
): { readonly sound: Config; readonly dropped: ReadonlySet<string> } {
  const sound: Config = structuredClone(config);
  const dropped = new Set<string>();
  for (const path of paths) {
    const [, key = '', entry, property] = path.split('/');
    dropped.add(key);
    const phase = key === 'phases' && entry !== undefined ? sound.phases?.[Number(entry)] : undefined;
    if (typeof phase === 'object' && phase !== null) delete phase[property as keyof PhaseConfig];
    else if (key === 'collectors' && entry !== undefined) delete sound.collectors?.[entry];
    else delete sound[key as keyof Config];
  }
  return { sound, dropped };
}

/** `dropped` names keys of which a part is missing: what depends on the whole of them is not checked. */
function planOf(config: Config, baseDir: string, folder: string, dropped: ReadonlySet<string> = new Set()): PlanResult {
  const problems: string[] = [];
  const phases = planPhases(config, problems, dropped.has('classes'));
  const durationNs = planDuration(config, dropped.has('phases') ? null : phases, problems);
  const collectors = Object.entries(config.collectors ?? {}).map(([source, settings]) =>
    planCollector(source, settings ?? {}, problems),
  );
  const target = dropped.has('target') ? null : planTarget(config, problems);
  if (problems.length > 0 || target === null) return { problems, collectors, plugins: config.plugins ?? [], baseDir };
  return {
    plan: {
      profile: config.profile ?? 'lab',
      target,
      durationNs,
      phases: phases ?? [wholeEpisode(durationNs)],
      collectors,
      plugins: config.plugins ?? [],
      evidence: evidenceOf(config),
      outputFolder: folder,
      baseDir,
    },
  };
}

function planTarget({ target, profile }: Config, problems: string[]): TargetConfig | null {
  if (profile === 'deployment') {
    if (target !== undefined && target.type !== 'machine')
      problems.push(
        `target.type is "${target.type}"; profile "deployment" observes the machine it runs on: it must be "machine"`,
      );
    return { type: 'machine' };
  }
  if (target === undefined)
    problems.push('target is missing: give --target-pid PID, -- COMMAND ARG..., or "target" in the configuration');
  return target ?? null;
}

/** A key that the schema refused is missing here. */
function planPhases({ phases, classes = [] }: Config, problems: string[], anyLabel: boolean): PlannedPhase[] | null {
  if (phases === undefined) return null;
  const labels = [...LABELS, ...classes];
  const names = new Set<string>();
  let startNs = 0;
  return phases.map((phase, i) => {
    if (phase.name !== undefined && names.has(phase.name))
      problems.push(`phases[${i}].name is "${phase.name}", which an earlier phase has already`);
    if (!anyLabel && phase.label !== undefined && !labels.includes(phase.label))
      problems.push(
        `phases[${i}].label is "${phase.label}"; it must be one of ${labels.join(', ')}, or be listed in "classes"`,
      );
    names.add(phase.name);
    const durationNs = phase.duration === undefined ? 0 : positive(phase.duration, `phases[${i}].duration`, problems);
    const planned = plannedPhase(phase, startNs, durationNs);
    startNs = planned.endNs;
    return planned;
  });
}

function plannedPhase(
  { name, label, run, oneshot, technique }: PhaseConfig,
  startNs: number,
  durationNs: number,
): PlannedPhase {
  return {
    name,
    label,
    startNs,
    endNs: startNs + durationNs,
    run: run ?? null,
    oneshot: oneshot ?? false,
    technique: technique ?? null,
  };
}

const wholeEpisode = (endNs: number): PlannedPhase => ({
  name: 'episode',
  label: 'unlabelled',
  startNs: 0,
  endNs,
  run: null,
  oneshot: false,
  technique: null,
});

function planDuration({ duration }: Config, phases: readonly PlannedPhase[] | null, problems: string[]): number {
  const sum = phases?.at(-1)?.endNs;
  const given = duration ?? (sum === undefined ? DEFAULT_DURATION : undefined);
  if (given === undefined) return sum!;
  const ns = positive(given, 'duration', problems);
  if (sum !== undefined && sum !== ns)
    problems.push(
      `duration is "${given}", but the phases add up to ${formatDuration(sum)}; leave the duration out, or make them agree`,
    );
  return ns;
}

function planCollector(
  source: string,
  { interval = DEFAULT_INTERVAL, use = source, vantage = 'local', optional = false, options = {} }: CollectorConfig,
  problems: string[],
): PlannedCollector {
  const intervalNs = positive(interval, `collectors.${source}.interval`, problems);
  if (intervalNs > 0 && intervalNs < MIN_INTERVAL_NS)
    problems.push(`collectors.${source}.interval is "${interval}"; the shortest is 1ms`);
  return { source, use, vantage, isOptional: optional, intervalNs, options };
}

function positive(text: string, where: string, problems: string[]): number {
  const ns = parseDuration(text);
  if (ns === null)
    problems.push(
      `${where} is "${text}"; it must be longer than 0 and at most 104 days, with a unit, like "100ms", "10s", "2m" or "1h"`,
    );
  return ns ?? 0;
}

function evidenceOf({ scenario, sample, seed, operator, notes, tags }: Config): Evidence {
  return {
    ...(scenario && { scenario }),
    ...(sample && { sample }),
    ...(seed !== undefined && { seed }),
    ...(operator !== undefined && { operator }),
    ...(notes !== undefined && { notes }),
    ...(tags && { tags }),
  };
}
