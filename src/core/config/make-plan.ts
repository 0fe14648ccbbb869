import { resolve } from 'node:path';
import { CisError } from '../errors/cis-error.js';
import type { SchemaRegistry } from '../schemas/schema-registry.js';
import type { Config, TargetConfig } from './config.js';
import { explainError, isEcho } from './explain-errors.js';
import { applyFlags, type ConfigFlags } from './flags.js';
import type { LoadedConfig } from './load-config.js';
import type { Evidence, Plan, PlannedTarget } from './plan.js';
import { planCollector } from './plan-collector.js';
import { planGrade } from './plan-grade.js';
import { planPhases } from './plan-phases.js';
import { type PlanVmOptions, planVm } from './plan-vm.js';
import { Seed } from './seed.js';
import { withoutBroken } from './without-broken.js';

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

/** Enough to mend, and to see what kind of file it is. */
const MAX_LISTED = 100;

const firstOf = (problems: readonly string[]): readonly string[] =>
  problems.length <= MAX_LISTED
    ? problems
    : [...problems.slice(0, MAX_LISTED), `there are ${problems.length - MAX_LISTED} more`];

/** Throws CONFIG_INVALID with all problems, or the first hundred. */
export function requirePlan(result: PlanResult, problems: readonly string[] = []): Plan {
  const all = [...('problems' in result ? result.problems : []), ...problems];
  if ('plan' in result && all.length === 0) return result.plan;
  throw new CisError(
    'CONFIG_INVALID',
    `the configuration has ${all.length === 1 ? 'a problem' : `${all.length} problems`}`,
    { problems: firstOf(all) },
  );
}

/** `dropped` names keys of which a part is missing: what depends on the whole of them is not checked. */
function planOf(config: Config, baseDir: string, folder: string, dropped: ReadonlySet<string> = new Set()): PlanResult {
  const problems: string[] = [];
  const seed = new Seed(config.seed);
  const { phases, durationNs } = planPhases(config, { seed, problems, dropped });
  const targetType = typeOfTarget(config);
  const grade = planGrade(config.grade, problems);
  const collectors = Object.entries(config.collectors ?? {}).map(([source, settings]) =>
    planCollector(source, settings ?? {}, { targetType, latenessShare: grade.lateness_share, problems }),
  );
  const target = dropped.has('target') ? null : planTarget(config, { baseDir, seed, problems, dropped });
  if (problems.length > 0 || target === null) return { problems, collectors, plugins: config.plugins ?? [], baseDir };
  return {
    plan: {
      profile: config.profile ?? 'lab',
      target,
      durationNs,
      phases,
      order: config.order ?? 'given',
      classes: config.classes ?? [],
      collectors,
      grade,
      plugins: config.plugins ?? [],
      evidence: evidenceOf(config, seed.used),
      isSeedDrawn: seed.isDrawn,
      outputFolder: folder,
      baseDir,
    },
  };
}

/** Null where it is broken or missing. */
function typeOfTarget({ target, profile }: Config): TargetConfig['type'] | null {
  return target?.type ?? (profile === 'deployment' ? 'machine' : null);
}

interface PlanTargetOptions extends Pick<PlanVmOptions, 'baseDir' | 'seed' | 'problems'> {
  readonly dropped: ReadonlySet<string>;
}

function planTarget({ target, profile }: Config, { dropped, ...options }: PlanTargetOptions): PlannedTarget | null {
  const { problems } = options;
  if (profile === 'deployment') {
    if (target !== undefined && target.type !== 'machine')
      problems.push(
        `target.type is "${target.type}"; profile "deployment" observes the machine it runs on: it must be "machine"`,
      );
    return { type: 'machine' };
  }
  if (target === undefined)
    problems.push('target is missing: give --target-pid PID, -- COMMAND ARG..., or "target" in the configuration');
  if (target?.type !== 'qemu') return target ?? null;
  return planVm(target, { ...options, isBroken: (key) => dropped.has(`target/${key}`) });
}

function evidenceOf({ scenario, sample, operator, notes, tags }: Config, seed: number | undefined): Evidence {
  return {
    ...(scenario && { scenario }),
    ...(sample && { sample }),
    ...(seed !== undefined && { seed }),
    ...(operator !== undefined && { operator }),
    ...(notes !== undefined && { notes }),
    ...(tags && { tags }),
  };
}
