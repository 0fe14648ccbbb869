import { formatDuration } from '../time/duration.js';
import { type Config, LABELS, type PhaseConfig } from './config.js';
import { drawOrder } from './draw.js';
import type { PlannedPhase } from './plan.js';
import { drawDuration, planDuration, planRange } from './plan-duration.js';
import type { Seed } from './seed.js';

const DEFAULT_DURATION = '10s';
/** The longest that every sleep(1) takes, busybox's too: the phase ends it. */
const IDLE_RUN = ['sleep', '2147483647'];

export interface PlanPhasesOptions {
  readonly seed: Seed;
  readonly problems: string[];
  /** Keys of the configuration of which a broken part was left out: what depends on the whole of them is not checked. */
  readonly dropped: ReadonlySet<string>;
}

/** The phases in the order in which they run, one behind the other from 0, and how long they take together. */
export function planPhases(
  config: Config,
  options: PlanPhasesOptions,
): { readonly phases: readonly PlannedPhase[]; readonly durationNs: number } {
  const { seed, problems, dropped } = options;
  const given = config.phases;
  if (given === undefined) {
    const durationNs = planDuration(config.duration ?? DEFAULT_DURATION, 'duration', problems);
    return { durationNs, phases: [planPhase(config, { name: 'episode', label: 'unlabelled' }, durationNs)] };
  }
  checkNames(given, problems);
  if (!dropped.has('classes')) checkLabels(config, given, problems);
  const planned = given.map((phase, i) =>
    planPhase(config, phase, ...lengthOf(phase, `phases[${i}].duration`, options)),
  );
  const phases = placed(config.order === 'shuffled' ? drawOrder(seed.value, planned) : planned);
  const durationNs = phases.at(-1)?.endNs ?? 0;
  if (config.duration !== undefined)
    checkDuration(config.duration, dropped.has('phases') ? null : phases, durationNs, problems);
  return { phases, durationNs };
}

/** A key that the schema refused is missing here. */
function checkNames(phases: readonly Partial<PhaseConfig>[], problems: string[]): void {
  const names = new Set<string>();
  for (const [i, { name }] of phases.entries()) {
    if (name === undefined) continue;
    if (names.has(name)) problems.push(`phases[${i}].name is "${name}", which an earlier phase has already`);
    names.add(name);
  }
}

function checkLabels({ classes = [] }: Config, phases: readonly Partial<PhaseConfig>[], problems: string[]): void {
  const labels = [...LABELS, ...classes];
  for (const [i, { label }] of phases.entries()) {
    if (label !== undefined && !labels.includes(label))
      problems.push(
        `phases[${i}].label is "${label}"; it must be one of ${labels.join(', ')}, or be listed in "classes"`,
      );
  }
}

/** Drawn by the phase's name, not by its place: two arms of a pair with one seed draw alike. */
function lengthOf(
  { name, duration }: Partial<Pick<PhaseConfig, 'name' | 'duration'>>,
  where: string,
  { seed, problems }: PlanPhasesOptions,
): [durationNs: number, range: PlannedPhase['durationRange']] {
  if (duration === undefined) return [0, null];
  const range = planRange(duration, where, { problems });
  return [drawDuration(seed, `duration:${name}`, range), typeof duration === 'string' ? null : range];
}

/** Beside a virtual machine every phase has a `run`: the recorder's own footprint is the same in all of them. */
function planPhase(
  { target }: Config,
  { name, label, run, oneshot = false, technique }: Omit<PhaseConfig, 'duration'>,
  durationNs: number,
  durationRange: PlannedPhase['durationRange'] = null,
): PlannedPhase {
  const isIdle = run === undefined && target?.type === 'qemu';
  return {
    name,
    label,
    startNs: 0,
    endNs: durationNs,
    run: isIdle ? IDLE_RUN : (run ?? null),
    oneshot,
    technique: technique ?? null,
    durationRange,
    isIdle,
  };
}

function placed(phases: readonly PlannedPhase[]): PlannedPhase[] {
  let startNs = 0;
  return phases.map((phase) => {
    const endNs = startNs + (phase.endNs - phase.startNs);
    const place = { startNs, endNs };
    startNs = endNs;
    return { ...phase, ...place };
  });
}

/** `phases` is null where some of them are broken. */
function checkDuration(
  duration: string,
  phases: readonly PlannedPhase[] | null,
  sumNs: number,
  problems: string[],
): void {
  const ns = planDuration(duration, 'duration', problems);
  if (phases === null) return;
  const drawn = phases.filter(({ durationRange }) => durationRange !== null).map(({ name }) => `"${name}"`);
  if (drawn.length > 0)
    problems.push(
      `duration is "${duration}", but that of ${drawn.join(', ')} is drawn, and so is the sum of the phases; leave the duration out`,
    );
  else if (sumNs !== ns)
    problems.push(
      `duration is "${duration}", but the phases add up to ${formatDuration(sumNs)}; leave the duration out, or make them agree (--phase takes the place of a file's phases)`,
    );
}
